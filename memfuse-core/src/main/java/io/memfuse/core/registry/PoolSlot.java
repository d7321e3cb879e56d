package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one key in the registry: opens its pool when asked, once for however many ask, and lets it go.
 *
 * <pre>
 *   state        asked for                      the opening ends            evict         close
 *   Registered   -> Opening                     -                           -             -> Closed
 *   Opening      joins it                       -> Open, or -> Failed       joins it, then as Open   -> Closed; what it opened is closed
 *   Open         the pool                       -                           -> Registered; drains    -> Closed; drains
 *   Failed       refused until the back-off     -                           -> Registered -> Closed
 *                ends, then -> Opening
 *   Closed       refused                        what it opened is closed    -             -
 * </pre>
 *
 * <p>INVARIANT: the state changes by compare-and-set only, from the state that the decision was made on. Whoever wins owns
 * the consequence: the winner of -> Opening starts the one attempt; the winner of a change away from Open drains that pool.
 * A pool that was opened and finds its Opening gone is closed by its opener. So each pool that was ever opened is closed by
 * exactly one.
 *
 * <p>A pool that drains is not in the state any more: the next caller opens a new one at once and waits for no drain.
 */
final class PoolSlot<R> implements PoolRoute<R> {

    private static final Logger LOG = LoggerFactory.getLogger(PoolSlot.class);

    /** Until the next attempt, if the back-off itself fails. */
    private static final Duration FALLBACK_PAUSE = Duration.ofSeconds(1);

    /** How long closing waits for an opening under way, once interrupted. */
    private static final Duration OPENING_GRACE = Duration.ofSeconds(2);

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PoolSlot.class, "state", SlotState.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolKey<R> key;
    private final PoolSpec spec;
    private final PoolProvider<R> provider;
    private final RegistryEngine engine;
    /**
     * Held for the step of a pool from the slot to those that drain, and by who must not miss it there: who closes, who takes
     * a snapshot. No foreign code runs under it; the fast path does not know it.
     */
    private final ReentrantLock changes = new ReentrantLock();

    private volatile SlotState<R> state = new SlotState.Registered<>();
    private final PoolDrains<R> drains;

    PoolSlot(PoolKey<R> key, PoolSpec spec, PoolProvider<R> provider, RegistryEngine engine) {
        this.key = key;
        this.spec = spec;
        this.provider = provider;
        this.engine = engine;
        this.drains = new PoolDrains<>(key, engine);
    }

    @Override
    public PoolKey<R> key() {
        return key;
    }

    PoolSpec spec() {
        return spec;
    }

    R newDurable() {
        return provider.durable(this);
    }

    /** Returns the open pool, or null; opens nothing. */
    @Nullable OpenPool<R> openPool() {
        return state instanceof SlotState.Open<R> open ? open.pool() : null;
    }

    @Override
    public R current() {
        // The fast path: one volatile read.
        return state instanceof SlotState.Open<R> open
                ? open.pool().resource()
                : await(Deadline.after(spec.limits().timeout(), engine.ticker()))
                        .resource();
    }

    @Override
    public CompletionStage<R> whenOpen() {
        OpenPool<R> pool = openPool();
        if (pool != null) {
            return CompletableFuture.completedFuture(pool.resource());
        }
        Deadline deadline = Deadline.after(spec.limits().timeout(), engine.ticker());
        var result = new CompletableFuture<R>();
        open().whenComplete((opened, failure) -> {
            if (failure == null) {
                result.complete(opened.resource());
            } else {
                result.completeExceptionally(forCaller(failure));
            }
        });
        engine.scheduleTimeout(result, deadline, () -> stillOpening(deadline));
        return result;
    }

    /** Opens the pool if need be and fills it to its minimum. */
    CompletionStage<PoolStats> warmUp(Deadline deadline) {
        var warm = new CompletableFuture<PoolStats>();
        open().whenComplete((pool, failure) -> {
            if (failure != null) {
                warm.completeExceptionally(forCaller(failure));
            } else {
                engine.runOnLoader(() -> fill(pool, deadline, warm));
            }
        });
        engine.scheduleTimeout(warm, deadline, () -> notWarm(deadline));
        return warm;
    }

    private void fill(OpenPool<R> pool, Deadline deadline, CompletableFuture<PoolStats> warm) {
        try {
            warm.complete(fill(pool, deadline)); // After the lease is given back: whoever waits may want to evict.
        } catch (InterruptedException e) {
            warm.completeExceptionally(new PoolInterruptedException(key, deadline.elapsed(), e));
        } catch (Throwable e) {
            warm.completeExceptionally(e instanceof PoolException ? e : asOpenFailure(e, deadline.elapsed()));
        }
    }

    private PoolStats fill(OpenPool<R> pool, Deadline deadline) throws InterruptedException {
        try (PoolLease<R> lease = pool.tryLease()) {
            if (lease == null) {
                throw PoolClosedException.drained(key);
            }
            pool.handle().warmUp(deadline.remaining());
            return pool.stats();
        }
    }

    private PoolException notWarm(Deadline deadline) {
        OpenPool<R> pool = openPool();
        return pool == null
                ? stillOpening(deadline)
                : PoolTimeoutException.notWarm(key, deadline.elapsed(), pool.stats(), null);
    }

    /** Returns the open pool, opening it or joining its opening if need be. */
    OpenPool<R> await(Deadline deadline) {
        CompletableFuture<OpenPool<R>> opened = open();
        try {
            return opened.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw stillOpening(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PoolInterruptedException(key, deadline.elapsed(), e);
        } catch (ExecutionException e) {
            throw forCaller(e.getCause());
        }
    }

    private PoolTimeoutException stillOpening(Deadline deadline) {
        Duration waited = deadline.elapsed();
        Duration openingFor = state instanceof SlotState.Opening<R> opening
                ? Duration.ofNanos(engine.ticker().nanoTime() - opening.sinceNanos)
                : waited;
        return PoolTimeoutException.stillOpening(key, waited, openingFor);
    }

    /** Every caller gets an exception of its own, with its own stack, around the one cause. */
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
            SlotState<R> seen = state;
            if (seen instanceof SlotState.Open<R> open) {
                return CompletableFuture.completedFuture(open.pool());
            }
            if (seen instanceof SlotState.Opening<R> opening) {
                return join(opening);
            }
            if (seen instanceof SlotState.Closed<R>) {
                return CompletableFuture.failedFuture(PoolClosedException.registryClosed(key));
            }
            int failures = 0;
            if (seen instanceof SlotState.Failed<R> failed) {
                long leftNanos = failed.retryAtNanos() - engine.ticker().nanoTime();
                if (leftNanos > 0) {
                    return CompletableFuture.failedFuture(failed.failure().backingOff(Duration.ofNanos(leftNanos)));
                }
                failures = failed.failures();
            }
            var opening = new SlotState.Opening<R>(failures + 1, engine.ticker().nanoTime());
            if (STATE.compareAndSet(this, seen, opening)) {
                start(opening);
                return opening.opened;
            }
        }
    }

    private CompletableFuture<OpenPool<R>> join(SlotState.Opening<R> opening) {
        if (opening.opener == Thread.currentThread()) {
            return CompletableFuture.failedFuture(new PoolConfigurationException(
                    key,
                    "asked for from inside its own opening, which would wait for itself; the provider '"
                            + key.provider() + "' must not use a pool that it is about to open"));
        }
        return opening.opened;
    }

    private void start(SlotState.Opening<R> opening) {
        try {
            opening.task = engine.threads().openers().submit(() -> attempt(opening));
            if (state instanceof SlotState.Closed<R>) {
                opening.interrupt(); // Whoever closed could not know the task yet.
            }
        } catch (Throwable e) { // The engine has ended, or there is no thread to be had.
            fail(opening, e);
        }
    }

    /** Makes the one attempt. Runs on the executor, under no lock. */
    private void attempt(SlotState.Opening<R> opening) {
        if (!opening.begun.compareAndSet(false, true)) {
            return; // The registry was closed before there was a thread for it.
        }
        opening.opener = Thread.currentThread();
        OpenPool<R> pool;
        try {
            pool = openPool(provider.open(spec, engine.contextFor(key)));
        } catch (Throwable e) {
            fail(opening, e);
            return;
        } finally {
            opening.opener = null;
        }
        if (STATE.compareAndSet(this, opening, new SlotState.Open<R>(pool))) {
            try {
                long tookNanos = engine.ticker().nanoTime() - opening.sinceNanos;
                LOG.info("{}: opened in {}", key, Durations.format(Duration.ofNanos(tookNanos)));
                engine.listener().opened(key, tookNanos);
            } finally {
                opening.opened.complete(pool);
            }
        } else {
            // The registry was closed meanwhile, and waits for this: nobody can have leased it.
            drains.run(pool, drains.begin(pool), Duration.ZERO)
                    .whenComplete((report, failure) ->
                            opening.opened.completeExceptionally(PoolClosedException.registryClosed(key)));
        }
    }

    /** A provider written without null checks may return null all the same; one that returns half a pool has it closed. */
    private OpenPool<R> openPool(@Nullable PoolHandle<R> handle) {
        Objects.requireNonNull(handle, "the provider returned no pool");
        try {
            return new OpenPool<>(key, handle);
        } catch (Throwable e) {
            handle.close(Duration.ZERO);
            throw e;
        }
    }

    /** Whatever the failure is, and whatever fails while it is told, nobody waits for this opening any more. */
    private void fail(SlotState.Opening<R> opening, Throwable cause) {
        PoolOpenException failure;
        Duration pause;
        try {
            failure = asOpenFailure(cause, Duration.ofNanos(engine.ticker().nanoTime() - opening.sinceNanos));
            pause = engine.backoff().after(opening.attempt);
        } catch (Throwable broken) { // The failure cannot even be described.
            failure = PoolOpenException.attemptFailed(
                    key, FailureKind.OTHER, cause.getClass().getName(), Duration.ZERO, null);
            pause = FALLBACK_PAUSE;
        }
        var failed = new SlotState.Failed<R>(
                failure, opening.attempt, engine.ticker().nanoTime() + pause.toNanos());
        if (STATE.compareAndSet(this, opening, failed)) {
            try {
                LOG.warn("{}; next attempt in {} at the earliest", failure.getMessage(), Durations.format(pause));
                engine.listener().openFailed(key, failure);
            } finally {
                opening.opened.completeExceptionally(failure);
            }
        } else {
            opening.opened.completeExceptionally(PoolClosedException.registryClosed(key));
        }
    }

    private PoolOpenException asOpenFailure(Throwable cause, Duration took) {
        return cause instanceof PoolOpenException open
                ? open
                : PoolOpenException.attemptFailed(key, FailureKind.OTHER, cause.toString(), took, cause);
    }

    /** Lets the open pool go, if there is one: the next caller opens another. */
    CompletableFuture<Optional<DrainReport>> evict() {
        while (true) {
            SlotState<R> seen = state;
            if (seen instanceof SlotState.Open<R> open) {
                CompletableFuture<DrainReport> drained = takeOut(open);
                if (drained != null) {
                    engine.listener().evicted(key);
                    return drains.run(open.pool(), drained, engine.drainTimeout())
                            .thenApply(Optional::of);
                }
            } else if (seen instanceof SlotState.Opening<R> opening) {
                return opening.opened.handle((pool, failure) -> evict()).thenCompose(evicted -> evicted);
            } else if (!(seen instanceof SlotState.Failed<R>)
                    || STATE.compareAndSet(this, seen, new SlotState.Registered<R>())) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
        }
    }

    /** Takes the pool out of the slot and among those that drain, in one step; null if it is not in the slot any more. */
    private @Nullable CompletableFuture<DrainReport> takeOut(SlotState.Open<R> open) {
        changes.lock();
        try {
            return STATE.compareAndSet(this, open, new SlotState.Registered<R>()) ? drains.begin(open.pool()) : null;
        } finally {
            changes.unlock();
        }
    }

    /** Refuses everybody from now on. Decides only; {@code retired} is then given to {@link #drainRetired}. */
    SlotState<R> retire() {
        changes.lock();
        try {
            @SuppressWarnings("unchecked") // the field's type
            SlotState<R> retired = (SlotState<R>) STATE.getAndSet(this, new SlotState.Closed<R>());
            return retired;
        } finally {
            changes.unlock();
        }
    }

    /** Drains what {@link #retire} took out of service; returns what completes when nothing of this slot is left open. */
    List<CompletableFuture<DrainReport>> drainRetired(SlotState<?> retired, Duration drainTimeout) {
        var reports = new ArrayList<>(drains.underWay());
        if (retired instanceof SlotState.Open<?> open) {
            @SuppressWarnings("unchecked") // retired by this slot
            OpenPool<R> pool = (OpenPool<R>) open.pool();
            reports.add(drains.run(pool, drains.begin(pool), drainTimeout));
        } else if (retired instanceof SlotState.Opening<?> opening) {
            reports.add(giveUp(opening));
        }
        return reports;
    }

    /**
     * Stops an opening that nobody needs any more. An opener that does not heed the interrupt is waited for a moment only: it
     * closes what it opens, whenever that is.
     */
    private CompletableFuture<DrainReport> giveUp(SlotState.Opening<?> opening) {
        if (opening.begun.compareAndSet(false, true)) {
            opening.opened.completeExceptionally(PoolClosedException.registryClosed(key));
        } else {
            opening.interrupt();
        }
        var ended = new CompletableFuture<@Nullable Void>();
        opening.opened.whenComplete((pool, failure) -> ended.complete(null));
        engine.scheduleCompletion(ended, Deadline.after(OPENING_GRACE, engine.ticker()));
        return ended.thenApply(done -> new DrainReport(key, 0, Duration.ZERO));
    }

    /**
     * Remembers this slot as it is now, without a call of foreign code. What is returned then reads the numbers of its pools,
     * the one that is open and behind it each that drains.
     */
    Supplier<List<PoolSnapshot>> capture() {
        changes.lock();
        try {
            SlotState<R> seen = state;
            List<OpenPool<R>> drainingNow = drains.pools();
            return () -> snapshots(seen, drainingNow);
        } finally {
            changes.unlock();
        }
    }

    private List<PoolSnapshot> snapshots(SlotState<R> seen, List<OpenPool<R>> drainingNow) {
        var snapshots = new ArrayList<PoolSnapshot>();
        snapshots.add(snapshot(seen));
        drainingNow.forEach(pool -> snapshots.add(snapshot(PoolState.DRAINING, pool)));
        return snapshots;
    }

    private PoolSnapshot snapshot(SlotState<R> seen) {
        if (seen instanceof SlotState.Open<R> open) {
            return snapshot(PoolState.OPEN, open.pool());
        }
        PoolOpenException failure = seen instanceof SlotState.Failed<R> failed ? failed.failure() : null;
        return new PoolSnapshot(key, stateOf(seen), PoolStats.NONE, 0, failure);
    }

    private PoolSnapshot snapshot(PoolState poolState, OpenPool<R> pool) {
        return new PoolSnapshot(key, poolState, pool.stats(), pool.leases(), null);
    }

    private static PoolState stateOf(SlotState<?> seen) {
        if (seen instanceof SlotState.Registered<?>) {
            return PoolState.REGISTERED;
        }
        if (seen instanceof SlotState.Opening<?>) {
            return PoolState.OPENING;
        }
        return seen instanceof SlotState.Failed<?> ? PoolState.FAILED : PoolState.CLOSED;
    }
}
