package io.memfuse.core.registry;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.SlotMachine.Change;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one attempt to open the pool of a slot, on the executors and under no lock, and tells the slot how it ended. Whatever
 * the provider does (throws anything, returns nothing, returns half a pool, returns too late), the attempt ends, all who wait
 * are told, and what was opened either serves or is closed.
 */
final class Opener<R> {

    private static final Logger LOG = LoggerFactory.getLogger(Opener.class);

    /** Until the next attempt, if the back-off itself fails. */
    private static final Duration FALLBACK_PAUSE = Duration.ofSeconds(1);

    private final PoolSlot<R> slot;
    private final PoolKey<R> key;
    private final PoolProvider<R> provider;
    private final SlotContext context;
    private final RegistryEngine engine;
    private final Attempt<R> attempt;

    /** Made before the attempt begins: it ends whatever memory there is then. */
    private final LoanCounter loans = new LoanCounter();

    Opener(PoolSlot<R> slot, PoolProvider<R> provider, SlotContext context, Attempt<R> attempt) {
        this.slot = slot;
        this.key = slot.key();
        this.provider = provider;
        this.context = context;
        this.engine = context.engine();
        this.attempt = attempt;
    }

    /** Begins. Whoever put the attempt into the slot's state calls this, once. */
    void start() {
        try {
            CompletableFuture<@Nullable Void> formerOpenings = context.drains().openingsOf(key);
            if (formerOpenings.isDone()) {
                begin();
            } else {
                beginAfter(formerOpenings);
            }
        } catch (Throwable e) { // The caller's stack is full, or there is no memory.
            fail(e);
        }
    }

    /** The database was removed and is registered again: what was under way for it ends first, or this fails in its time. */
    private void beginAfter(CompletableFuture<@Nullable Void> formerOpenings) {
        Deadline deadline = Deadline.after(attempt.spec().limits().timeout(), engine.ticker());
        var over = new CompletableFuture<@Nullable Void>();
        formerOpenings.whenComplete((done, failure) -> over.complete(null));
        engine.scheduleCompletion(over, deadline);
        attempt.follow(over, () -> beginSoon(formerOpenings), this::end);
    }

    /** Not here: this may be the scheduler, which runs no listener. */
    private void beginSoon(CompletableFuture<@Nullable Void> formerOpenings) {
        try {
            engine.runOnCallback(() -> beginUnlessLate(formerOpenings));
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void beginUnlessLate(CompletableFuture<@Nullable Void> formerOpenings) {
        if (formerOpenings.isDone()) {
            begin();
        } else {
            fail(formerOpeningStuck());
        }
    }

    private PoolOpenException formerOpeningStuck() {
        return PoolOpenException.attemptFailed(
                key,
                FailureKind.NO_ANSWER,
                "the opening that was under way when the database was removed has not ended",
                engine.since(attempt.sinceNanos()),
                null);
    }

    private void begin() {
        try {
            attempt.submit(engine.threads().openers(), this::open, this::end);
        } catch (Throwable e) { // The engine has ended, or there is no thread to be had.
            fail(e);
        }
    }

    private void open() {
        OpenPool<R> pool;
        try {
            pool = attempt.asOpener(() -> newPool(provider.open(attempt.spec(), engine.contextFor(key, loans))));
        } catch (Throwable e) {
            loans.end();
            fail(e);
            return;
        }
        if (attempt.replaces()) {
            fillFirst(pool);
        } else {
            settle(pool);
        }
    }

    /** A provider written without null checks may return null all the same; one that returns half a pool has it closed. */
    private OpenPool<R> newPool(@Nullable PoolHandle<R> handle) {
        Objects.requireNonNull(handle, "the provider returned no pool");
        try {
            return new OpenPool<>(key, handle, loans, engine.ticker().nanoTime());
        } catch (Throwable e) {
            closeQuietly(handle);
            throw e;
        }
    }

    /** Fills on the executor that may wait for connections: those are opened where the attempt began. */
    private void fillFirst(OpenPool<R> pool) {
        try {
            attempt.submit(engine.threads().loaders(), () -> fillAndSettle(pool), () -> settle(pool));
        } catch (Throwable e) { // The engine has ended, or there is no thread to be had.
            settle(pool);
        }
    }

    private void fillAndSettle(OpenPool<R> pool) {
        try {
            Duration timeout = attempt.spec().limits().timeout();
            attempt.asOpener(() -> {
                PoolFiller.fill(pool, Deadline.after(timeout, engine.ticker()));
                return pool;
            });
        } catch (Throwable e) {
            // One connection is proven, and the pool adds the others by need.
            LOG.warn("{}: takes over before it is filled: {}", key, Failures.describe(e));
        } finally {
            settle(pool);
        }
    }

    private void settle(OpenPool<R> pool) {
        Change<R> change;
        try {
            change = slot.change(state -> state.opened(attempt, pool));
        } catch (Throwable e) { // No memory: then nothing was changed, and the pool is nobody's.
            closeAndThen(pool, () -> fail(e));
            return;
        }
        if (change.happened()) {
            tellOpened(change, pool);
        } else {
            discard(pool);
        }
    }

    private void tellOpened(Change<R> change, OpenPool<R> pool) {
        try {
            tellOpened();
        } finally {
            try {
                followUp(change);
            } finally {
                attempt.opened().complete(pool); // Last: what is done with the news is not to hold up anything of ours.
            }
        }
    }

    private void followUp(Change<R> change) {
        try {
            slot.turnover().drainDeparted(change);
            context.opened().run();
        } finally {
            end();
        }
    }

    private void tellOpened() {
        Duration took = engine.since(attempt.sinceNanos());
        LOG.info("{}: opened in {}", key, Durations.format(took));
        engine.listener().opened(key, took.toNanos());
    }

    /** It was given up meanwhile: the pool has never served, and nobody was told of it. */
    private void discard(OpenPool<R> pool) {
        boolean handedOver = false;
        try {
            engine.runOnCloser(() -> closeAndThen(pool, this::end));
            handedOver = true;
        } finally {
            if (!handedOver) {
                closeAndThen(pool, this::end);
            }
        }
    }

    private void closeAndThen(OpenPool<R> pool, Runnable next) {
        try {
            closeQuietly(pool.handle());
            pool.loans().end();
        } finally {
            next.run();
        }
    }

    private void closeQuietly(PoolHandle<R> handle) {
        try {
            handle.close(Duration.ZERO);
        } catch (Throwable e) {
            LOG.warn("{}: closing failed; what it left open is the provider's: {}", key, Failures.describe(e));
        }
    }

    private void fail(Throwable cause) {
        PoolOpenException failure;
        Duration pause;
        Change<R> change;
        try {
            failure = Failures.ofOpening(key, cause, engine.since(attempt.sinceNanos()));
            pause = pause();
            change = failed(failure, engine.ticker().nanoTime() + pause.toNanos());
        } catch (Throwable e) {
            forget(e);
            return;
        }
        try {
            if (change.happened()) {
                tellFailed(failure, pause, change.after());
            }
        } finally {
            end();
            if (change.happened()) { // Else it was given up, and who did that tells why.
                attempt.opened().completeExceptionally(failure);
            }
        }
    }

    private Change<R> failed(PoolOpenException failure, long retryAtNanos) {
        return slot.change(state -> state.failed(attempt, failure, retryAtNanos));
    }

    /** Not even the failure can be told, for want of memory: the next who asks begins anew. */
    private void forget(Throwable cause) {
        slot.forget(attempt);
        try {
            end();
        } finally {
            attempt.opened().completeExceptionally(Failures.ofOpening(key, cause, Duration.ZERO));
        }
    }

    /** The variation of the back-off comes from the user. */
    private Duration pause() {
        try {
            return engine.backoff().after(attempt.number());
        } catch (Throwable broken) {
            LOG.warn("{}: the back-off failed: {}", key, Failures.describe(broken));
            return FALLBACK_PAUSE;
        }
    }

    private void tellFailed(PoolOpenException failure, Duration pause, SlotState<R> after) {
        if (after instanceof SlotState.Failed<R>) {
            LOG.warn("{}; next attempt in {} at the earliest", failure.getMessage(), Durations.format(pause));
        } else {
            LOG.warn("{}; its settings stay as they were", failure.getMessage());
        }
        LOG.debug("{}: why", key, failure);
        engine.listener().openFailed(key, failure);
    }

    private void end() {
        attempt.ended().complete(null);
    }
}
