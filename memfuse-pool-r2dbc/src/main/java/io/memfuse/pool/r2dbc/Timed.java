package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Work that has a time to be done in; its outcome is told exactly once. Thread-safe. In the place of Reactor's own
 * {@code timeout}, which would bring threads besides those that all pools share.
 */
final class Timed<T> extends BaseSubscriber<T> {

    /** Is told how the work ended: on the thread of the work, or on the engine's executor when the time was up. */
    interface Outcome<T> {

        /**
         * The work is done, or has failed.
         *
         * @param value what came of it; null if nothing did
         * @param failure null if it succeeded; a {@link TimeoutException} if the time was up and the work was cancelled
         */
        void done(@Nullable T value, @Nullable Throwable failure);

        /** A value came after all, of work that was given up. */
        default void tooLate(T value) {}
    }

    private final PoolContext context;
    private final Outcome<T> outcome;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable Future<?> timer;

    private Timed(PoolContext context, Outcome<T> outcome) {
        this.context = context;
        this.outcome = outcome;
    }

    /** Begins the work. Who cancels what is returned gives the work up, and no outcome is told. */
    static <T> Timed<T> start(Mono<T> work, Duration limit, PoolContext context, Outcome<T> outcome) {
        var timed = new Timed<T>(context, outcome);
        try {
            timed.timer = context.scheduler().schedule(timed::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RuntimeException | Error noTimer) {
            timed.tell(null, noTimer);
            return timed;
        }
        try {
            work.subscribe(timed);
        } catch (Throwable fatal) {
            // What Reactor takes for fatal comes out here, and the work neither ends nor fails.
            if (!timed.tell(null, fatal)) {
                throw fatal;
            }
            timed.cancel();
        }
        return timed;
    }

    private void expire() {
        if (!told.get()) {
            Offload.run(context, () -> {
                if (tell(null, new TimeoutException("timed out"))) {
                    cancel();
                }
            });
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(T value) {
        if (!tell(value, null)) {
            outcome.tooLate(value);
        }
    }

    @Override
    protected void hookOnComplete() {
        tell(null, null);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        tell(null, failure);
    }

    @Override
    protected void hookFinally(SignalType type) {
        told.set(true);
        stopTimer();
    }

    private boolean tell(@Nullable T value, @Nullable Throwable failure) {
        boolean first = told.compareAndSet(false, true);
        if (first) {
            stopTimer();
            outcome.done(value, failure);
        }
        return first;
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }
}
