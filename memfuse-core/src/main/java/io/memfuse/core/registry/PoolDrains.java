package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pools of one slot that left it and are being drained and closed. Thread-safe. */
final class PoolDrains<R> {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDrains.class);

    private final PoolKey<R> key;
    private final RegistryEngine engine;
    private final Map<OpenPool<R>, CompletableFuture<DrainReport>> draining = new ConcurrentHashMap<>();

    PoolDrains(PoolKey<R> key, RegistryEngine engine) {
        this.key = key;
        this.engine = engine;
    }

    /** Adds a pool, in the same step in which it leaves the slot. What is returned is then given to {@link #run}. */
    CompletableFuture<DrainReport> begin(OpenPool<R> pool) {
        var drained = new CompletableFuture<DrainReport>();
        draining.put(pool, drained);
        return drained;
    }

    /** Returns what completes when the drains of this moment are over. */
    Collection<CompletableFuture<DrainReport>> underWay() {
        return List.copyOf(draining.values());
    }

    /** Returns the pools that drain at this moment. */
    List<OpenPool<R>> pools() {
        return List.copyOf(draining.keySet());
    }

    /**
     * Waits for the leases, then for the connections, then closes, all within the time. The waiting for leases takes no
     * thread; the rest is done on the executor for closing.
     */
    CompletableFuture<DrainReport> run(
            OpenPool<R> pool, CompletableFuture<DrainReport> drained, Duration drainTimeout) {
        Deadline deadline = Deadline.after(drainTimeout, engine.ticker());
        CompletableFuture<@Nullable Void> unleased = pool.drain();
        if (!unleased.isDone()) {
            engine.scheduleCompletion(unleased, deadline);
        }
        unleased.thenRun(() -> engine.runOnCloser(() -> close(pool, deadline, drained)));
        return drained;
    }

    private void close(OpenPool<R> pool, Deadline deadline, CompletableFuture<DrainReport> drained) {
        if (pool.leases() > 0) {
            LOG.warn(
                    "{}: {} leases still held after {}; closing all the same",
                    key,
                    pool.leases(),
                    Durations.format(deadline.elapsed()));
        }
        DrainReport report;
        try {
            report = Objects.requireNonNull(pool.close(deadline.remaining()), "the pool returned no report");
        } catch (Throwable e) {
            LOG.warn("{}: closing failed; what it left open is the provider's", key, e);
            report = new DrainReport(key, 0, deadline.elapsed());
        }
        draining.remove(pool);
        try {
            LOG.info("{}: closed in {}, {} aborted", key, Durations.format(deadline.elapsed()), report.aborted());
            engine.listener().closed(key, report);
        } finally {
            drained.complete(report);
        }
    }
}
