package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolRoute;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Leads borrowers of a durable resource to the pool of the moment. Never blocks; thread-safe. */
final class Reroute {

    /** Between two refusals of one pool, which has left the route as a rule, so that there is rarely a second. */
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final PoolRoute<ConnectionFactory> route;

    Reroute(PoolRoute<ConnectionFactory> route) {
        this.route = route;
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
        CompletionStage<ConnectionFactory> opened;
        try {
            opened = route.whenOpen();
        } catch (PoolException e) {
            waiter.failNow(e);
            return;
        }
        opened.whenComplete((resource, failure) -> {
            if (failure != null) {
                waiter.failNow(poolException(failure));
            } else {
                enter(waiter, resource, drained);
            }
        });
    }

    private void enter(Waiter waiter, ConnectionFactory resource, @Nullable PoolCore drained) {
        PoolCore core = core(resource);
        if (core == null) {
            waiter.failNow(new PoolConfigurationException(
                    route.key(), "its pool is not one of the provider '" + R2dbcPoolProvider.NAME + "'"));
        } else if (core != drained) {
            waiter.enter(core);
        } else if (core.hasWaited(waiter) || !Offload.after(core.context(), PAUSE_NANOS, () -> again(waiter, core))) {
            waiter.failNow(core.drainedException());
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
