package io.memfuse.cli.stress;

import io.memfuse.cli.stress.StressResult.Backends;
import io.memfuse.cli.stress.StressResult.BeforeAndAfter;
import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.core.startup.StartupReport;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Starts a platform, makes many requests at once through it, closes it, and counts connections and threads before and
 * after, when the program is quiet.
 */
public final class StressTest {

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    /** A server takes a connection off its list, and a thread ends, a moment after it was told to. */
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(10);

    private static final long SETTLE_INTERVAL_MILLIS = 20;

    private final MemFuseConfig config;
    private final String user;
    private final Consumer<String> notes;
    private final Consumer<String> warnings;

    /**
     * Makes the test.
     *
     * @param user the user in whose name the requests are made
     * @param notes is told what goes on
     * @param warnings is told what makes the result another one than was asked for: what failed to start, what is not
     *     counted
     */
    public StressTest(MemFuseConfig config, String user, Consumer<String> notes, Consumer<String> warnings) {
        this.config = config;
        this.user = user;
        this.notes = notes;
        this.warnings = warnings;
    }

    /** Makes so many requests, so many of them at once. */
    public StressResult run(int requests, int concurrency) throws InterruptedException {
        JdkThreads.start();
        try (BackendWatch watch = BackendWatch.connect(
                config.allDatabases().stream().map(DatabaseConfig::spec).toList(), warnings)) {
            OptionalInt backendsBefore = watch.count();
            int threadsBefore = ThreadCensus.count();
            Measurement measured = measure(requests, concurrency);
            settle(watch, backendsBefore, threadsBefore);
            return new StressResult(
                    requests,
                    measured.requests().errors().count(),
                    measured.requests().errors().reasons(),
                    requests / (measured.took().toNanos() / 1e9),
                    measured.requests().serviceAccess().take(),
                    measured.acquire(),
                    measured.requests().whole().take(),
                    new Backends(backendsBefore, watch.peak(), watch.count()),
                    new BeforeAndAfter(threadsBefore, ThreadCensus.count()));
        }
    }

    private record Measurement(MemoryRequests requests, LatencySummary acquire, Duration took) {}

    private Measurement measure(int requests, int concurrency) throws InterruptedException {
        var acquire = new AcquireTimes();
        try (MemFuse memfuse =
                MemFuse.builder().config(config).poolListener(acquire).start()) {
            Stream.<StartupReport.Entry>concat(memfuse.report().pools().stream(), memfuse.report().services().stream())
                    .flatMap(entry -> entry.error().stream())
                    .forEach(warnings);
            notes.accept(requests + " requests of " + user + ", " + Math.min(requests, concurrency) + " at once");
            var task = new MemoryRequests(memfuse.services(), user);
            acquire.take(); // What the start itself waited is not of the requests.
            Duration took = Load.run(requests, concurrency, task);
            var measured = new Measurement(task, acquire.take(), took);
            memfuse.shutdown(DRAIN_TIMEOUT);
            return measured;
        }
    }

    private static void settle(BackendWatch watch, OptionalInt backends, int threads) throws InterruptedException {
        long endNanos = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
        boolean settled = false;
        while (!settled && System.nanoTime() < endNanos) {
            Thread.sleep(SETTLE_INTERVAL_MILLIS);
            settled = ThreadCensus.count() <= threads && isBack(watch, backends);
        }
    }

    /** Tells whether there are no more connections than before, or nobody knows. */
    private static boolean isBack(BackendWatch watch, OptionalInt backends) throws InterruptedException {
        OptionalInt now = backends.isPresent() ? watch.count() : OptionalInt.empty();
        return now.isEmpty() || now.getAsInt() <= backends.getAsInt();
    }
}
