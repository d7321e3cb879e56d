package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Outlives its pools: asks the route for the pool of the moment each time, and again when that pool refuses because it
 * drains. One deadline holds for all of it: to wait for a pool to be opened, for one of its connections, and once more for
 * those of the next. It begins when there is something to wait for; what a borrower waited in a first, open pool before that
 * was drained is not known, because to know it would cost each borrower a look at the clock, a fifth of what he pays for a
 * connection. Thread-safe.
 */
final class DurableDataSource extends PlainDataSource {

    /** Between two refusals of one pool, which has left the route as a rule, so that there is rarely a second. */
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final PoolRoute<DataSource> route;
    private final Ticker ticker;

    DurableDataSource(PoolRoute<DataSource> route, Ticker ticker) {
        this.route = route;
        this.ticker = ticker;
    }

    @Override
    public Connection getConnection() throws SQLException {
        DataSource open = route.ifOpen();
        if (open == null) {
            long startNanos = ticker.nanoTime();
            return lend(first(), startNanos);
        }
        try {
            return open.getConnection();
        } catch (SQLException e) {
            long startNanos = ticker.nanoTime();
            return lend(next(open, e, startNanos), startNanos);
        }
    }

    private Connection lend(DataSource first, long startNanos) throws SQLException {
        DataSource pool = first;
        while (true) {
            try {
                return pool instanceof PooledDataSource pooled
                        ? pooled.getConnection(since(startNanos))
                        : pool.getConnection();
            } catch (SQLException e) {
                pool = next(pool, e, startNanos);
            }
        }
    }

    /** The route itself bounds the wait for a first pool. */
    private DataSource first() throws SQLException {
        try {
            return route.current();
        } catch (PoolException e) {
            throw SqlExceptions.of(e);
        }
    }

    /** Returns the pool after one that drains, if it can be had in the time that is left; passes the refusal on if not. */
    private DataSource next(DataSource refusing, SQLException refusal, long startNanos) throws SQLException {
        Duration left = timeout(refusing).minus(since(startNanos));
        if (!isDrained(refusal)
                || left.isNegative()
                || left.isZero()
                || Thread.currentThread().isInterrupted()) {
            throw refusal;
        }
        DataSource next = await(refusing, left, startNanos);
        if (next == refusing) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        return next;
    }

    private DataSource await(DataSource refusing, Duration left, long startNanos) throws SQLException {
        long askedNanos = ticker.nanoTime();
        try {
            return Waiting.get(route.whenOpen().toCompletableFuture(), left);
        } catch (TimeoutException e) {
            Duration waited = since(startNanos);
            if (refusing instanceof PooledDataSource pooled) {
                pooled.timedOutElsewhere(waited);
            }
            throw SqlExceptions.of(PoolTimeoutException.stillOpening(route.key(), waited, since(askedNanos)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SqlExceptions.of(new PoolInterruptedException(route.key(), since(startNanos), e));
        } catch (ExecutionException e) {
            throw SqlExceptions.of(poolException(e.getCause()));
        }
    }

    private PoolException poolException(@Nullable Throwable failure) {
        return failure instanceof PoolException e
                ? e
                : new PoolConfigurationException(route.key(), "its pool cannot be found: " + failure);
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(ticker.nanoTime() - nanos);
    }

    private static boolean isDrained(SQLException refusal) {
        return refusal.getCause() instanceof PoolClosedException closed && closed.retryable();
    }

    private static Duration timeout(DataSource pool) {
        return pool instanceof PooledDataSource pooled ? pooled.timeout() : PoolLimits.DEFAULTS.timeout();
    }

    @Override
    public String toString() {
        return "durable " + route.key();
    }
}
