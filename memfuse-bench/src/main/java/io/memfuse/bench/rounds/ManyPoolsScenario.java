package io.memfuse.bench.rounds;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.Peers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A thousand pools that are open, each with one connection of the stub driver. */
final class ManyPoolsScenario implements Scenario {

    private static final int POOLS = 1_000;
    private static final int MIN = 1;
    private static final int MAX = 20;
    private static final double KIB = 1024;

    /** Longer than a thread that a pool needs only now and then stays idle. */
    private static final Duration IDLE = Duration.ofSeconds(6);

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "hikari");
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public int warmUps() {
        return 1;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        if (candidate.equals("memfuse")) {
            memfuse(recorder);
        } else {
            hikari(recorder);
        }
    }

    private static List<Database> databases() {
        return IntStream.range(0, POOLS)
                .mapToObj(i -> new Database(0, "stub" + i))
                .toList();
    }

    private static void memfuse(Recorder recorder) throws Exception {
        List<Database> databases = databases();
        try (var probe = new OurPools(List.of(Database.stub()), MIN, MAX)) {
            Holding.millisUntilHeld(probe.durable(0), 1, new Stopwatch()); // The threads that all pools share.
            var before = new Usage();
            try (var pools = new OurPools(databases, MIN, MAX)) {
                for (int i = 0; i < POOLS; i++) {
                    Holding.millisUntilHeld(pools.durable(i), 1, new Stopwatch());
                }
                before.record(recorder);
                pools.registry().snapshot();
            }
        }
    }

    private static void hikari(Recorder recorder) throws Exception {
        List<Database> databases = databases();
        var scheduler = new ScheduledThreadPoolExecutor(1);
        scheduler.prestartAllCoreThreads();
        var before = new Usage();
        List<HikariDataSource> pools = new ArrayList<>();
        try {
            for (Database database : databases) {
                pools.add(open(database, scheduler));
            }
            before.record(recorder);
        } finally {
            pools.forEach(HikariDataSource::close);
            scheduler.shutdownNow();
        }
    }

    private static HikariDataSource open(Database database, ScheduledThreadPoolExecutor scheduler) throws SQLException {
        HikariConfig config = Peers.hikariConfig(database, MIN, MAX);
        config.setScheduledExecutor(scheduler);
        var pool = new HikariDataSource(config);
        Holding.millisUntilHeld(pool, 1, new Stopwatch());
        return pool;
    }

    /** What the JVM used before. */
    private static final class Usage {

        private final long bytes = Heap.usedBytes();
        private final int threads = Heap.threads();

        Usage() throws InterruptedException {}

        void record(Recorder recorder) throws InterruptedException {
            recorder.record("threads", (double) threadsLeft() / POOLS);
            recorder.record("KiB", (Heap.usedBytes() - bytes) / KIB / POOLS);
        }

        /** What opening needed has {@link #IDLE} to end. */
        private int threadsLeft() throws InterruptedException {
            long endNanos = System.nanoTime() + IDLE.toNanos();
            while (Heap.threads() > threads && System.nanoTime() < endNanos) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            return Math.max(0, Heap.threads() - threads);
        }
    }
}
