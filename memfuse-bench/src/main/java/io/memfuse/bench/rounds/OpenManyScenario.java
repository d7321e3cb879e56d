package io.memfuse.bench.rounds;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.Peers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** From nothing to a thousand pools that are open, each with one connection of the stub driver. */
final class OpenManyScenario implements Scenario {

    private static final int POOLS = 1_000;
    private static final int MIN = 1;
    private static final int MAX = 20;
    private static final int TIMEOUT_SECONDS = 60;
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<Database> databases =
            IntStream.range(0, POOLS).mapToObj(i -> new Database(0, "stub" + i)).toList();

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "hikari", "hikari handed over", "memfuse at once", "hikari at once");
    }

    @Override
    public int rounds() {
        return 6;
    }

    @Override
    public int warmUps() {
        return 6;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        long nanos = switch (candidate) {
            case "memfuse" -> memfuse();
            case "memfuse at once" -> memfuseAtOnce();
            case "hikari" -> hikari(Threads.NONE);
            case "hikari handed over" -> hikari(Threads.ONE_AT_A_TIME);
            default -> hikari(Threads.ALL);
        };
        recorder.record("us", nanos / NANOS_PER_MICRO / POOLS);
    }

    private long memfuse() throws SQLException {
        long startNanos = System.nanoTime();
        try (var pools = new OurPools(databases, MIN, MAX)) {
            for (int i = 0; i < POOLS; i++) {
                hold(pools.durable(i));
            }
            return System.nanoTime() - startNanos;
        }
    }

    private long memfuseAtOnce() {
        long startNanos = System.nanoTime();
        try (var pools = new OurPools(databases, MIN, MAX)) {
            pools.warmUp();
            return System.nanoTime() - startNanos;
        }
    }

    /** On which threads HikariCP is opened. */
    private enum Threads {
        /** On that of the caller, who waits as long as it takes. */
        NONE,
        /** On another one, so that the caller can give up and the pool opens all the same. */
        ONE_AT_A_TIME,
        /** On one for each core. */
        ALL
    }

    private long hikari(Threads threads) throws Exception {
        var scheduler = new ScheduledThreadPoolExecutor(1);
        scheduler.prestartAllCoreThreads();
        ExecutorService openers = threads == Threads.ALL
                ? Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())
                : Executors.newCachedThreadPool();
        List<HikariDataSource> pools = new ArrayList<>();
        try {
            long startNanos = System.nanoTime();
            List<Future<HikariDataSource>> opening = new ArrayList<>();
            for (Database database : databases) {
                switch (threads) {
                    case NONE -> pools.add(open(database, scheduler));
                    case ONE_AT_A_TIME -> pools.add(await(openers.submit(() -> open(database, scheduler))));
                    case ALL -> opening.add(openers.submit(() -> open(database, scheduler)));
                }
            }
            for (Future<HikariDataSource> one : opening) {
                pools.add(await(one));
            }
            return System.nanoTime() - startNanos;
        } finally {
            pools.forEach(HikariDataSource::close);
            openers.shutdownNow();
            scheduler.shutdownNow();
        }
    }

    private static HikariDataSource await(Future<HikariDataSource> opening)
            throws InterruptedException, ExecutionException, TimeoutException {
        return opening.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static HikariDataSource open(Database database, ScheduledThreadPoolExecutor scheduler) throws SQLException {
        HikariConfig config = Peers.hikariConfig(database, MIN, MAX);
        config.setScheduledExecutor(scheduler);
        var pool = new HikariDataSource(config);
        hold(pool);
        return pool;
    }

    private static void hold(DataSource pool) throws SQLException {
        Holding.millisUntilHeld(pool, 1, new Stopwatch());
    }
}
