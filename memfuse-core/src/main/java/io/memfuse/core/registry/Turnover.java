package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.SlotMachine.Change;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the pool of a slot goes, another takes its place, or it goes on with other connections. Never blocks. */
final class Turnover<R> {

    private final PoolSlot<R> slot;
    private final SlotContext context;
    private final RegistryEngine engine;
    private final PoolDrains drains;
    private final PoolNumbers numbers;

    Turnover(PoolSlot<R> slot, SlotContext context) {
        this.slot = slot;
        this.context = context;
        this.engine = context.engine();
        this.drains = context.drains();
        this.numbers = context.numbers();
    }

    /**
     * Lets the pool go, if there is one: the next caller opens another. An opening under way is waited for first, within the
     * pool's timeout.
     */
    CompletableFuture<Optional<DrainReport>> evict() {
        Change<R> change = slot.change(SlotState::evicted);
        Attempt<R> underWay = change.after().attempt();
        if (!change.happened() && underWay != null) {
            return after(underWay, this::evict);
        }
        return drainDeparted(change);
    }

    /** Lets the pool go, if there is one and nobody uses it at this moment. */
    CompletableFuture<Optional<DrainReport>> evictIfUnused() {
        OpenPool<R> pool = slot.openPool();
        var evicted = new CompletableFuture<Optional<DrainReport>>();
        if (pool == null) {
            evicted.complete(Optional.empty());
        } else {
            context.pending().add(slot.key(), evicted);
            engine.runOnCloser(() -> evictIfUnused(pool, evicted)); // Its numbers may be waited for.
        }
        return evicted;
    }

    private void evictIfUnused(OpenPool<R> pool, CompletableFuture<Optional<DrainReport>> evicted) {
        try {
            PoolStats stats = numbers.of(List.of(pool)).get(pool);
            if (pool.isInUse(stats)) {
                evicted.complete(Optional.empty());
            } else {
                drainDeparted(slot.change(state -> state.idled(pool))).thenAccept(evicted::complete);
            }
        } catch (Throwable e) { // No memory: whoever waits is told all the same.
            evicted.completeExceptionally(e);
        }
    }

    /** Lets this very pool go; false if it has left before, or is being replaced. */
    boolean evictIdle(OpenPool<R> pool) {
        Change<R> change = slot.change(state -> state.idled(pool));
        drainDeparted(change);
        return change.happened();
    }

    /**
     * Opens a pool with other settings beside the one that serves, and lets it take over; changes the settings only, if none
     * serves. If an attempt is under way, its end is waited for, within the pool's timeout.
     */
    CompletableFuture<Optional<DrainReport>> replace(PoolSpec spec) {
        Attempt<R> attempt = Attempt.toReplace(spec, engine.ticker().nanoTime());
        Opener<R> opener = slot.opener(attempt);
        Change<R> change = slot.change(state -> state.replaced(attempt));
        SlotState<R> before = change.before();
        Attempt<R> underWay = before.attempt();
        if (underWay != null) {
            return after(underWay, () -> replace(spec));
        }
        if (before instanceof SlotState.Closed<R> closed) {
            return CompletableFuture.failedFuture(closed.reason().exception(slot.key()));
        }
        OpenPool<R> old = before.serving;
        if (!change.happened() || old == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        opener.start();
        return reportOf(old, attempt);
    }

    /** Has the pool that serves, if one does, replace its connections. */
    CompletableFuture<@Nullable Void> softEvict() {
        OpenPool<R> pool = slot.openPool();
        if (pool == null) {
            return CompletableFuture.completedFuture(null);
        }
        Deadline deadline = slot.ownDeadline();
        CompletableFuture<@Nullable Void> told = context.answer(
                slot.key(),
                deadline,
                () -> misconfigured("has not begun to replace its connections after "
                        + Durations.format(deadline.elapsed()) + "; it may do so yet"));
        engine.runOnCloser(() -> {
            try {
                pool.handle().softEvict();
                told.complete(null);
            } catch (Throwable e) {
                told.completeExceptionally(
                        misconfigured("refuses to replace its connections: " + Failures.describe(e)));
            }
        });
        return told;
    }

    private PoolConfigurationException misconfigured(String what) {
        return new PoolConfigurationException(slot.key(), "its pool " + what);
    }

    /** Returns the report of the old pool once the new one serves. */
    private static <R> CompletableFuture<Optional<DrainReport>> reportOf(OpenPool<R> old, Attempt<R> attempt) {
        var replaced = new CompletableFuture<Optional<DrainReport>>();
        attempt.opened().whenComplete((next, failure) -> {
            if (failure == null) {
                old.closed().thenAccept(report -> replaced.complete(Optional.of(report)));
            } else {
                replaced.completeExceptionally(failure instanceof PoolOpenException open ? open.forCaller() : failure);
            }
        });
        return replaced;
    }

    private <T> CompletableFuture<T> after(Attempt<R> attempt, Supplier<CompletableFuture<T>> next) {
        Deadline deadline = slot.ownDeadline();
        var over = new CompletableFuture<@Nullable Void>();
        attempt.opened().whenComplete((pool, failure) -> over.complete(null));
        engine.scheduleTimeout(over, deadline, () -> slot.stillOpening(deadline));
        return over.thenCompose(ended -> next.get());
    }

    /** Drains what left by a change while the slot goes on. */
    CompletableFuture<Optional<DrainReport>> drainDeparted(Change<R> change) {
        OpenPool<R> departed = change.departed();
        if (departed == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        engine.listener().evicted(slot.key());
        return drains.drain(departed, engine.drainTimeout()).thenApply(Optional::of);
    }

    /** Refuses everybody from now on. Decides only; what is returned carries it out, outside every lock. */
    Retired retire(CloseReason reason) {
        Change<R> change = slot.change(state -> state.closed(reason));
        return drainTimeout -> end(change, reason, drainTimeout);
    }

    private CompletableFuture<Optional<DrainReport>> end(Change<R> change, CloseReason reason, Duration drainTimeout) {
        OpenPool<R> departed = change.departed();
        CompletableFuture<Optional<DrainReport>> drained = departed == null
                ? CompletableFuture.completedFuture(Optional.empty())
                : drains.drain(departed, drainTimeout).thenApply(Optional::of);
        Attempt<R> abandoned = change.abandoned();
        if (abandoned == null) {
            return drained;
        }
        drains.giveUp(abandoned, reason.exception(slot.key()));
        return drained.thenCombine(abandoned.ended(), (report, ended) -> report);
    }

    /** What was taken out of service, and has to end. */
    @FunctionalInterface
    interface Retired {

        /** Drains the pool and gives the attempt up; returns what completes when nothing of them is left open. */
        CompletableFuture<Optional<DrainReport>> end(Duration drainTimeout);
    }
}
