package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.registry.SlotMachine.Change;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Deadline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The place of one key in the registry: finds its pool, has it opened when asked, once for however many ask, and lets it go.
 * Thread-safe. What leads to what is in {@link SlotMachine}; this class carries out the consequences. It is one, rather than
 * has one, because finding the pool is then one read less.
 *
 * <p>A pool that drains is not in the slot any more: the next caller opens a new one at once and waits for no drain.
 */
final class PoolSlot<R> extends SlotMachine<R> implements PoolRoute<R> {

    private static final VarHandle DURABLE;

    /** The end of a change that there never was: shared, for most slots are never changed. */
    private static final CompletableFuture<@Nullable Void> NO_CHANGE = CompletableFuture.completedFuture(null);

    static {
        try {
            DURABLE = MethodHandles.lookup().findVarHandle(PoolSlot.class, "durable", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolKey<R> key;
    private final PoolProvider<R> provider;
    private final SlotContext context;
    private volatile boolean pinned;

    /** The end of the change of sizes or timeout that came last. */
    private final AtomicReference<CompletableFuture<@Nullable Void>> adjusted = new AtomicReference<>(NO_CHANGE);

    /** Made by the provider's code when it is first asked for; of several made at once DURABLE keeps one. */
    private volatile @Nullable R durable;

    PoolSlot(PoolKey<R> key, PoolSpec spec, PoolProvider<R> provider, SlotContext context) {
        super(spec);
        this.key = key;
        this.provider = provider;
        this.context = context;
    }

    @Override
    public PoolKey<R> key() {
        return key;
    }

    PoolSpec spec() {
        return state().spec;
    }

    private RegistryEngine engine() {
        return context.engine();
    }

    /** Returns what callers may keep; the same each time. */
    R durable() {
        R kept = durable;
        if (kept == null) {
            DURABLE.compareAndSet(this, null, Objects.requireNonNull(provider.durable(this), "no durable resource"));
            kept = Objects.requireNonNull(durable);
        }
        return kept;
    }

    /** Returns a new alias. */
    PoolAlias<R> alias() {
        return new PoolAlias<>(this, provider);
    }

    boolean isPinned() {
        return pinned;
    }

    void pin(boolean newPinned) {
        pinned = newPinned;
    }

    /** Returns the pool that serves, or null; opens nothing. */
    @Nullable OpenPool<R> openPool() {
        return state().serving;
    }

    @Override
    public R current() {
        // The fast path: one volatile read, and a mark that is there already.
        SlotState<R> state = state();
        R resource = state.resource;
        if (resource == null) {
            resource = await(ownDeadline()).resource();
            state = state();
        }
        state.touch();
        return resource;
    }

    @Override
    public @Nullable R ifOpen() {
        SlotState<R> state = state();
        R resource = state.resource;
        if (resource != null) {
            state.touch();
        }
        return resource;
    }

    @Override
    public CompletionStage<R> whenOpen() {
        SlotState<R> state = state();
        if (state.resource != null) {
            state.touch();
            return CompletableFuture.completedFuture(state.resource);
        }
        Deadline deadline = ownDeadline();
        var result = new CompletableFuture<R>();
        open().whenComplete((opened, failure) -> {
            if (failure == null) {
                state().touch();
                result.complete(opened.resource());
            } else {
                result.completeExceptionally(forCaller(failure));
            }
        });
        engine().scheduleTimeout(result, deadline, () -> stillOpening(deadline));
        return engine().forCaller(result);
    }

    /** Returns the end of the time that whoever asks now waits at most. */
    Deadline ownDeadline() {
        return Deadline.after(spec().limits().timeout(), engine().ticker());
    }

    /** Opens the pool if need be and fills it to its minimum. */
    CompletionStage<PoolStats> warmUp(Deadline deadline) {
        CompletableFuture<PoolStats> warm = context.answer(key, deadline, () -> notWarm(deadline));
        open().whenComplete((pool, failure) -> {
            if (failure != null) {
                warm.completeExceptionally(forCaller(failure));
            } else {
                state().touch();
                engine().runOnLoader(() -> PoolFiller.fill(pool, deadline, context.numbers(), warm));
            }
        });
        return engine().forCaller(warm);
    }

    PoolSnapshot snapshot() {
        SlotState<R> seen = state();
        return PoolSnapshots.of(
                key,
                seen,
                seen.serving == null ? PoolStats.NONE : context.numbers().of(seen.serving),
                engine().ticker().nanoTime());
    }

    private PoolException notWarm(Deadline deadline) {
        OpenPool<R> pool = openPool();
        return pool == null
                ? stillOpening(deadline)
                : PoolTimeoutException.notWarm(key, deadline.elapsed(), null, null); // To ask for them is to wait.
    }

    /** Returns a lease of the pool, opened first if need be, within the pool's own timeout. */
    PoolLease<R> lease() {
        PoolLease<R> lease = tryLease();
        return lease == null ? lease(ownDeadline()) : lease;
    }

    /** Returns a lease of the pool, opened first if need be. */
    PoolLease<R> lease(Duration timeout) {
        PoolLease<R> lease = tryLease();
        return lease == null ? lease(Deadline.after(timeout, engine().ticker())) : lease;
    }

    /** Returns a lease of the pool if it is open, or null. Without a look at the clock, which costs more than the lease. */
    @Nullable PoolLease<R> tryLease() {
        SlotState<R> state = state();
        OpenPool<R> pool = state.serving;
        if (pool == null) {
            return null;
        }
        state.touch();
        return pool.tryLease();
    }

    private PoolLease<R> lease(Deadline deadline) {
        while (true) {
            // A pool that drains left the slot before, so that the next round finds another one.
            PoolLease<R> lease = await(deadline).tryLease();
            if (lease != null) {
                state().touch();
                return lease;
            }
        }
    }

    /** Returns the open pool, opening it or joining its opening if need be. */
    private OpenPool<R> await(Deadline deadline) {
        CompletableFuture<OpenPool<R>> opened = open();
        try {
            return Waiting.get(opened, deadline.remaining());
        } catch (TimeoutException e) {
            throw stillOpening(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolInterruptedException(key, deadline.elapsed(), e);
        } catch (ExecutionException e) {
            throw forCaller(e.getCause());
        }
    }

    PoolTimeoutException stillOpening(Deadline deadline) {
        Duration waited = deadline.elapsed();
        Attempt<R> attempt = state().attempt();
        Duration openingFor = attempt == null ? waited : engine().since(attempt.sinceNanos());
        return PoolTimeoutException.stillOpening(key, waited, openingFor);
    }

    /**
     * Every caller gets a failure of an opening as an exception of its own, with its own stack, around the one cause. That an
     * attempt was given up has no cause to tell apart: the callers share it.
     */
    private static RuntimeException forCaller(@Nullable Throwable failure) {
        if (failure instanceof PoolOpenException open) {
            // Who meets the back-off is given an exception of its own already.
            return open.nextAttemptIn().isPresent() ? open : open.forCaller();
        }
        if (failure instanceof RuntimeException other) {
            return other;
        }
        throw new AssertionError("an opening fails with a PoolException", failure);
    }

    /** Returns what completes with the open pool or fails with why there is none. */
    private CompletableFuture<OpenPool<R>> open() {
        while (true) {
            SlotState<R> seen = state();
            if (seen.serving != null) {
                return CompletableFuture.completedFuture(seen.serving);
            }
            Attempt<R> underWay = seen.attempt();
            if (underWay != null) {
                return join(underWay);
            }
            if (seen instanceof SlotState.Closed<R> closed) {
                return CompletableFuture.failedFuture(closed.reason().exception(key));
            }
            Attempt<R> attempt = nextAttempt(seen);
            SlotState<R> opening = seen.asked(attempt);
            if (opening == seen && seen instanceof SlotState.Failed<R> failed) {
                Duration left = Duration.ofNanos(failed.retryAtNanos() - attempt.sinceNanos());
                PoolOpenException refusal = failed.failure().backingOff(left);
                engine().listener().refused(key, refusal);
                return CompletableFuture.failedFuture(refusal);
            }
            Opener<R> opener = opener(attempt);
            if (move(seen, opening)) {
                opener.start();
                return attempt.opened();
            }
        }
    }

    private Attempt<R> nextAttempt(SlotState<R> seen) {
        int failures = seen instanceof SlotState.Failed<R> failed ? failed.failures() : 0;
        return Attempt.toOpen(seen.spec, failures + 1, engine().ticker().nanoTime());
    }

    private CompletableFuture<OpenPool<R>> join(Attempt<R> attempt) {
        if (attempt.isMadeByThisThread()) {
            return CompletableFuture.failedFuture(new PoolConfigurationException(
                    key,
                    "asked for from inside its own opening, which would wait for itself; the provider '"
                            + key.provider() + "' must not use a pool that it is about to open"));
        }
        return attempt.opened();
    }

    /** Returns what makes an attempt. It is made before the attempt comes into the state, and started after it. */
    Opener<R> opener(Attempt<R> attempt) {
        return new Opener<>(this, provider, context, attempt);
    }

    /** Makes a change by which a pool may leave; {@link Turnover} carries out what follows. */
    Change<R> change(UnaryOperator<SlotState<R>> event) {
        return context.drains().during(() -> apply(event));
    }

    /** Changes sizes or timeout in place. */
    CompletableFuture<@Nullable Void> adjust(UnaryOperator<PoolLimits> wanted) {
        return new Adjustment<>(this, context, wanted).start();
    }

    /** Puts a change of sizes or timeout behind those before it; returns the end of the one before. */
    CompletableFuture<@Nullable Void> queue(CompletableFuture<@Nullable Void> end) {
        return adjusted.getAndSet(end);
    }

    /** Returns what evicts, replaces and closes. */
    Turnover<R> turnover() {
        return new Turnover<>(this, context);
    }
}
