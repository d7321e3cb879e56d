package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has left the slots of a registry and is not over yet: pools that drain, and attempts that were given up. Thread-safe.
 *
 * <p>INVARIANT: a pool leaves its slot and comes among those that drain under {@code leaving}. So whoever holds it finds each
 * pool in one of the two places: who closes all misses none, and who takes a snapshot sees none twice. A few instructions
 * are done under it, no foreign code, and the fast path does not know it.
 *
 * <p>INVARIANT: an attempt that is given up is found here, by the key of its spec, from the moment its slot is closed until nothing of it
 * is left behind. A database that was removed is registered again after its slot was closed; so an opening that asks here
 * before it begins finds what is still under way of those before it, and one opening is under way for each key.
 */
final class PoolDrains {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDrains.class);

    /** How long closing waits for an attempt that was given up. */
    private static final Duration ATTEMPT_GRACE = Duration.ofSeconds(2);

    private final RegistryEngine engine;
    private final ClosingTime closingTime = new ClosingTime();
    private final ReentrantLock leaving = new ReentrantLock();

    /** Guarded by {@code leaving}. */
    private final ArrayList<OpenPool<?>> draining = new ArrayList<>();

    /** Guarded by {@code leaving}. */
    private final ArrayList<Attempt<?>> abandoned = new ArrayList<>();

    PoolDrains(RegistryEngine engine) {
        this.engine = engine;
    }

    /** Makes a change of a slot; what leaves the slot by it is then given to {@link #drain} or {@link #giveUp}. */
    <R> SlotMachine.Change<R> during(Supplier<SlotMachine.Change<R>> change) {
        return underLock(() -> {
            // Before the change is made: after it, there is to be no need of memory that is not there.
            draining.ensureCapacity(draining.size() + 1);
            abandoned.ensureCapacity(abandoned.size() + 1);
            SlotMachine.Change<R> made = change.get();
            OpenPool<R> departed = made.departed();
            if (departed != null) {
                draining.add(departed);
            }
            Attempt<R> attempt = made.abandoned();
            if (attempt != null) {
                abandoned.add(attempt);
            }
            return made;
        });
    }

    /** Reads slots and the pools that drain, at one moment. */
    <T> T read(Function<List<OpenPool<?>>, T> reader) {
        return underLock(() -> reader.apply(List.copyOf(draining)));
    }

    /** Returns what completes when the openings of a database that were given up, as it was removed, have all ended. */
    CompletableFuture<@Nullable Void> openingsOf(PoolKey<?> key) {
        List<CompletableFuture<@Nullable Void>> ends = new ArrayList<>();
        underLock(() -> {
            for (Attempt<?> attempt : abandoned) {
                if (PoolKey.of(attempt.spec(), key.resourceType()).equals(key)) {
                    ends.add(attempt.ended());
                }
            }
            return ends;
        });
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }

    /** Returns what completes when all of this moment is over: the report of each pool, nothing of an attempt. */
    List<CompletableFuture<Optional<DrainReport>>> underWay() {
        List<Attempt<?>> attempts = new ArrayList<>();
        List<OpenPool<?>> pools = underLock(() -> {
            attempts.addAll(abandoned);
            return List.copyOf(draining);
        });
        List<CompletableFuture<Optional<DrainReport>>> all = new ArrayList<>();
        pools.forEach(pool -> all.add(pool.closed().thenApply(Optional::of)));
        attempts.forEach(attempt -> all.add(soon(attempt)));
        return all;
    }

    /** The registry closes: what drains is to be over by then, whatever time it was given. */
    void endBy(Deadline end, CompletableFuture<?> all) {
        closingTime.endAt(end);
        var over = new CompletableFuture<@Nullable Void>();
        over.thenRun(this::cutShort);
        engine.scheduleCompletion(over, end);
        // Then nobody is left to cut short, and the timer is not needed.
        all.whenComplete((done, failure) -> over.complete(null));
    }

    private void cutShort() {
        closingTime.isUp();
        List<OpenPool<?>> leased = underLock(() -> List.copyOf(draining));
        leased.forEach(pool -> pool.unleased().complete(null));
    }

    /** An opener that does not heed the interrupt is waited for a moment only: it closes what it opens, whenever that is. */
    private CompletableFuture<Optional<DrainReport>> soon(Attempt<?> attempt) {
        var ended = new CompletableFuture<@Nullable Void>();
        attempt.ended().whenComplete((done, failure) -> ended.complete(null));
        engine.scheduleCompletion(ended, Deadline.after(ATTEMPT_GRACE, engine.ticker()));
        return ended.thenApply(done -> Optional.empty());
    }

    private <T> T underLock(Supplier<T> work) {
        leaving.lock();
        try {
            return work.get();
        } finally {
            leaving.unlock();
        }
    }

    /**
     * Waits for the leases, then for the connections, then closes, all within the time, or by the end of the registry if that
     * comes first. The waiting for leases takes no
     * thread; the rest is done on the executor for closing.
     */
    <R> CompletableFuture<DrainReport> drain(OpenPool<R> pool, Duration drainTimeout) {
        Deadline deadline = Deadline.after(drainTimeout, engine.ticker());
        pool.drain();
        CompletableFuture<@Nullable Void> unleased = pool.unleased();
        // Before there is a timer: if none is to be had, the last lease closes the pool all the same.
        unleased.thenRun(() -> engine.runOnCloser(() -> close(pool, deadline)));
        if (!unleased.isDone()) {
            engine.scheduleCompletion(unleased, deadline);
        }
        return pool.closed();
    }

    private void close(OpenPool<?> pool, Deadline deadline) {
        if (pool.leases() > 0) {
            LOG.warn(
                    "{}: {} leases still held after {}; closing all the same",
                    pool.key(),
                    pool.leases(),
                    Durations.format(deadline.elapsed()));
        }
        DrainReport report = new DrainReport(pool.key(), List.of(), Duration.ZERO);
        try {
            report = closeHandle(pool, deadline);
            pool.loans().end();
            log(report);
        } finally {
            underLock(() -> draining.remove(pool));
            try {
                engine.listener().closed(pool.key(), report);
            } finally {
                pool.closed().complete(report);
            }
        }
    }

    private static void log(DrainReport report) {
        if (report.drained()) {
            LOG.info("{}: {}", report.key(), report.summary());
        } else {
            LOG.warn("{}: {}", report.key(), report.summary());
        }
    }

    private DrainReport closeHandle(OpenPool<?> pool, Deadline deadline) {
        try {
            return Objects.requireNonNull(
                    closingTime.close(deadline, pool.handle()::close), "the pool returned no report of its closing");
        } catch (Throwable e) {
            LOG.warn("{}: closing failed; what it left open is the provider's: {}", pool.key(), Failures.describe(e));
            return new DrainReport(pool.key(), List.of(), deadline.elapsed());
        }
    }

    /** Stops an attempt that nobody needs any more, and tells those who wait for it. */
    <R> void giveUp(Attempt<R> attempt, RuntimeException why) {
        attempt.ended().whenComplete((done, failure) -> underLock(() -> abandoned.remove(attempt)));
        engine.runOnCallback(() -> attempt.opened().completeExceptionally(why));
        attempt.giveUp();
    }
}
