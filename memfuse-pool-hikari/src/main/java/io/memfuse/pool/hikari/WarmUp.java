package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Fills a pool once to its minimum. One object for one round; used by one thread. */
final class WarmUp {

    private final PoolContext context;
    private final Connector connector;
    private final Supply supply;
    private final RunningPool pool;
    private final int target;
    private final @Nullable PoolOpenException earlierFailure;

    WarmUp(PoolContext context, Connector connector, Supply supply, RunningPool pool) {
        this.context = context;
        this.connector = connector;
        this.supply = supply;
        this.pool = pool;
        this.target = pool.minSize();
        this.earlierFailure = connector.lastFailure();
    }

    /**
     * Has the missing connections made and waits until HikariCP counts them.
     *
     * @return false if there are fewer after {@code timeout}
     * @throws PoolOpenException if a connection cannot be established
     */
    boolean fill(Duration timeout) throws InterruptedException {
        Patience.await(this::isSettled, Deadline.after(timeout, context.ticker()));
        if (isFilled()) {
            return true;
        }
        PoolOpenException failure = newFailure();
        if (failure != null) {
            throw failure;
        }
        return false;
    }

    private boolean isFilled() {
        return pool.total() >= target;
    }

    private boolean isSettled() {
        if (isFilled() || connector.isClosed()) {
            return true;
        }
        if (newFailure() != null) {
            return supply.isQuiet();
        }
        supply.order(target);
        pool.requestConnection();
        return false;
    }

    private @Nullable PoolOpenException newFailure() {
        PoolOpenException failure = connector.lastFailure();
        return failure == earlierFailure ? null : failure;
    }
}
