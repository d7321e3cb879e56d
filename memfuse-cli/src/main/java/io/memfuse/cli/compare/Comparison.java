package io.memfuse.cli.compare;

import io.memfuse.cli.stress.Load;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Plays the same requests with the first implementation and with MemFuse, in turns, on the same database, and judges the
 * claims. Used by one thread.
 */
public final class Comparison {

    private static final int WARM_UPS = 2;
    private static final Duration DEAD_TIMEOUT = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int HALF_OF = 2;
    private static final double KIBIBYTE = 1024;

    private final PoolSpec database;
    private final ServiceAccess services;
    private final int requests;
    private final int rounds;
    private final Consumer<String> progress;

    /** Finds the services of a user who is pre-cached. */
    @FunctionalInterface
    public interface ServiceAccess {
        /** Finds them once. */
        void find();
    }

    /**
     * @param database where the requests go
     * @param services finds a service of a pre-cached user
     * @param requests how many are made at once in each round
     * @param progress is told of each round
     */
    public Comparison(PoolSpec database, ServiceAccess services, int requests, int rounds, Consumer<String> progress) {
        this.database = database;
        this.services = services;
        this.requests = requests;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** Plays all rounds. */
    public ComparisonResult run() throws InterruptedException, IOException, SQLException {
        var before = new Measured();
        var after = new Measured();
        var access = new Samples();
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Contender globalLock = new GlobalLock(pool(), other(), dead(silent.getLocalPort()));
                var platform = new Platform(pool(), other(), dead(silent.getLocalPort()))) {
            for (int round = -WARM_UPS; round < rounds; round++) {
                progress.accept(
                        round < 0
                                ? "warm-up " + (round + WARM_UPS + 1) + " of " + WARM_UPS
                                : "round " + (round + 1) + " of " + rounds);
                // Whose turn is first changes: what the machine does in between hits both.
                if (round % HALF_OF == 0) {
                    play(globalLock, before, round >= 0);
                    play(platform, after, round >= 0);
                } else {
                    play(platform, after, round >= 0);
                    play(globalLock, before, round >= 0);
                }
                long[] nanos = times((number, times) -> services.find(), new LongAdder());
                if (round >= 0) {
                    access.add(nanos);
                }
            }
            return new Verdicts(before, after, access, platform.contended()).result(requests, rounds);
        }
    }

    private void play(Contender contender, Measured measured, boolean counts)
            throws InterruptedException, SQLException {
        Measured into = counts ? measured : new Measured();
        for (Trouble trouble : Trouble.values()) {
            var acquire = new long[requests];
            Background background = Background.start(trouble, contender, PAUSE);
            Duration took;
            try {
                took = Load.run(requests, requests, number -> request(contender, acquire, number, into.errors()));
            } finally {
                background.stop();
            }
            into.acquire(trouble).add(acquire);
            if (trouble == Trouble.NONE) {
                into.whole().add(new long[] {took.toNanos()});
            }
        }
        into.find().add(times((number, times) -> contender.find(), into.errors()));
        contender.closeOther();
        double usedBefore = usedKibibytes();
        long startNanos = System.nanoTime();
        contender.openOther();
        into.opening().add(new long[] {System.nanoTime() - startNanos});
        into.memory().add(usedKibibytes() - usedBefore);
    }

    private static double usedKibibytes() {
        System.gc(); // What is alive is what is asked for.
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / KIBIBYTE;
    }

    private static void request(Contender contender, long[] acquire, int number, LongAdder errors) {
        long startNanos = System.nanoTime();
        try (Connection connection = contender.connection()) {
            acquire[number] = System.nanoTime() - startNanos;
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        } catch (SQLException | RuntimeException e) {
            acquire[number] = System.nanoTime() - startNanos;
            errors.increment();
        }
    }

    /** What is timed, once for each number. */
    @FunctionalInterface
    private interface Timed {
        void run(int number, long[] times) throws SQLException;
    }

    private long[] times(Timed timed, LongAdder errors) throws InterruptedException {
        var times = new long[requests];
        Duration unused = Load.run(requests, requests, number -> {
            long startNanos = System.nanoTime();
            try {
                timed.run(number, times);
            } catch (SQLException | RuntimeException e) {
                errors.increment();
            }
            times[number] = System.nanoTime() - startNanos;
        });
        return times;
    }

    private PoolSpec pool() {
        return with(database.endpoints(), PoolLimits.DEFAULTS.withSizes(Contender.POOL_SIZE, Contender.POOL_SIZE));
    }

    /** Another pool on the same server: sessions that may write are pools of their own. */
    private PoolSpec other() {
        return with(
                new Endpoints(database.endpoints().all(), TargetSessionAttrs.READ_WRITE, false),
                PoolLimits.DEFAULTS.withSizes(1, 1));
    }

    private PoolSpec dead(int port) {
        return with(
                Endpoints.of(InetAddress.getLoopbackAddress().getHostAddress(), port),
                PoolLimits.DEFAULTS.withSizes(1, 1).withTimeout(DEAD_TIMEOUT));
    }

    private PoolSpec with(Endpoints endpoints, PoolLimits limits) {
        return new PoolSpec(
                "hikari",
                endpoints,
                database.database(),
                database.user(),
                database.password(),
                limits,
                database.serverSettings(),
                database.ssl());
    }
}
