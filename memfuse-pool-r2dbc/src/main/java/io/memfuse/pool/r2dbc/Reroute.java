package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.time.Ticker;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Leads borrowers of a durable resource to the pool of the moment. Never blocks; thread-safe. */
final class Reroute {

    /** Between two refusals of one pool, which has left the route as a rule, so that there is rarely a second. */
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final PoolRoute<ConnectionFactory> route;
    private final Ticker ticker;

    Reroute(PoolRoute<ConnectionFactory> route, Ticker ticker) {
        this.route = route;
        this.ticker = ticker;
    }

    long nanoTime() {
        return ticker.nanoTime();
    }

    /** Returns the open pool, or null. */
    @Nullable PoolCore open() {
        return core(route.ifOpen());
    }

    /** Leads a borrower to its first pool, which is opened if need be. */
    void begin(Waiter waiter) {
        lead(waiter, null);
    }

    /** Leads a borrower to the next pool, after one that drains. */
    void again(Waiter waiter, PoolCore drained) {
        lead(waiter, drained);
    }

    private void lead(Waiter waiter, @Nullable PoolCore drained) {
        if (!waiter.isWaiting()) {
            return; // No pool is opened for nobody.
        }
        try {
            // The route itself fails who waits for a first pool, but gives as much time once more for a second one.
            Future<?> timer = drained == null ? null : limit(waiter, drained);
            route.whenOpen().whenComplete((resource, failure) -> {
                if (timer != null) {
                    timer.cancel(false);
                }
                arrive(waiter, resource, failure, drained);
            });
        } catch (RuntimeException | Error e) {
            waiter.failNow(poolException(e));
        }
    }

    private @Nullable Future<?> limit(Waiter waiter, PoolCore drained) {
        long leftNanos = drained.nanoTime();
        return Offload.after(drained.context(), Math.max(0, drained.remainingNanos(waiter)), () -> {
            long nowNanos = drained.nanoTime();
            long waitedNanos = nowNanos - waiter.startNanos();
            var timeout = PoolTimeoutException.stillOpening(
                    route.key(), Duration.ofNanos(waitedNanos), Duration.ofNanos(nowNanos - leftNanos));
            if (waiter.fail(timeout)) {
                try {
                    drained.context().listener().timedOut(route.key(), waitedNanos);
                } finally {
                    waiter.act();
                }
            }
        });
    }

    private void arrive(
            Waiter waiter,
            @Nullable ConnectionFactory resource,
            @Nullable Throwable failure,
            @Nullable PoolCore drained) {
        try {
            if (failure != null) {
                waiter.failNow(poolException(failure));
            } else if (waiter.isWaiting()) {
                enter(waiter, resource, drained);
            }
        } catch (RuntimeException | Error e) {
            waiter.failNow(poolException(e));
        }
    }

    private void enter(Waiter waiter, @Nullable ConnectionFactory resource, @Nullable PoolCore drained) {
        PoolCore core = core(resource);
        if (core == null) {
            waiter.failNow(new PoolConfigurationException(
                    route.key(), "its pool is not one of the provider '" + R2dbcPoolProvider.NAME + "'"));
        } else if (core != drained) {
            waiter.enter(core);
        } else if (core.remainingNanos(waiter) <= 0
                || Offload.after(core.context(), PAUSE_NANOS, () -> again(waiter, core)) == null) {
            waiter.failNow(core.drainedException(waiter));
        }
    }

    private static @Nullable PoolCore core(@Nullable ConnectionFactory resource) {
        return resource instanceof PooledConnectionFactory pooled ? pooled.core() : null;
    }

    private PoolException poolException(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof PoolException e
                ? e
                : new PoolConfigurationException(route.key(), "its pool cannot be found: " + cause);
    }
}
