package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.Ours;
import io.memfuse.bench.report.Score;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * A thousand requests at once, while nobody or while two others ask all the time for a database that does not answer, or for
 * nothing.
 */
final class DeadNeighbourScenario implements Scenario {

    private static final int REQUESTS = 1_000;
    private static final int SIZE = 20;
    private static final int ASKERS = 2;
    private static final Duration TIMEOUT = Duration.ofMillis(250);
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    private final Burst burst = new Burst();
    private final SilentServer dead = new SilentServer();
    private final PoolRegistry registry;
    private final PoolKey<DataSource> deadKey;
    private final DataSource durable;
    private final GlobalLock globalLock;

    DeadNeighbourScenario(Database database) throws SQLException {
        registry = Ours.registry(database);
        PoolKey<DataSource> key = registry.register(Ours.spec(database, SIZE, SIZE), DataSource.class);
        registry.warmUp(key).toCompletableFuture().join();
        durable = registry.durable(key);
        PoolSpec spec = Ours.spec(new Database(dead.port(), "dead"), 1, SIZE);
        deadKey = registry.register(
                PoolSpec.builder(spec.provider(), spec.database())
                        .endpoints(spec.endpoints())
                        .limits(spec.limits().withTimeout(TIMEOUT))
                        .build(),
                DataSource.class);
        globalLock = new GlobalLock(database, SIZE);
    }

    @Override
    public List<String> candidates() {
        return List.of(
                "memfuse quiet",
                "memfuse disturbed",
                "memfuse idle askers",
                "global-lock quiet",
                "global-lock disturbed");
    }

    @Override
    public int rounds() {
        return 10;
    }

    @Override
    public int warmUps() {
        return 3;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        boolean ours = candidate.startsWith("memfuse");
        List<Thread> askers = switch (candidate) {
            case "memfuse disturbed" -> start(this::askOurs);
            case "memfuse idle askers" -> start(() -> {});
            case "global-lock disturbed" -> start(this::askGlobalLock);
            default -> List.of();
        };
        double[] millis = burst.times(
                REQUESTS, i -> request(ours ? durable : globalLock.get().dataSource()));
        askers.forEach(Thread::interrupt);
        for (Thread asker : askers) {
            asker.join();
        }
        recorder.record("p50", Score.quantileOf(millis, P50));
        recorder.record("p99", Score.quantileOf(millis, P99));
    }

    private static void request(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Question.ask(connection);
        }
    }

    private static List<Thread> start(Runnable asking) {
        return IntStream.range(0, ASKERS)
                .mapToObj(i -> {
                    var asker = new Thread(() -> repeat(asking), "asker-" + i);
                    asker.setDaemon(true);
                    asker.start();
                    return asker;
                })
                .toList();
    }

    private static void repeat(Runnable asking) {
        while (!Thread.currentThread().isInterrupted()) {
            asking.run();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void askOurs() {
        try {
            registry.lease(deadKey).close();
        } catch (PoolException refused) {
            // As was to be expected.
        }
    }

    private void askGlobalLock() {
        globalLock.open(dead, Math.toIntExact(TIMEOUT.toMillis()));
    }

    @Override
    public void close() throws SQLException {
        burst.close();
        registry.close();
        globalLock.close();
        dead.close();
    }
}
