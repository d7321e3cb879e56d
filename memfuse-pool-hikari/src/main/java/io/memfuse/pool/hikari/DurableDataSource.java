package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Outlives its pools: asks the route for the pool of the moment each time, and again when that pool refuses because it
 * drains. Who waits for a pool to be opened, and then for one of its connections, has one deadline for both. Thread-safe.
 */
final class DurableDataSource extends PlainDataSource {

    /** Between two refusals; a pool that drains has left the route as a rule, so there is rarely a second. */
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
        if (open != null) {
            try {
                return open.getConnection();
            } catch (SQLException e) {
                if (!isDrained(e)) {
                    throw e;
                }
            }
        }
        return waitForPool();
    }

    /** There is none yet, or it drains: the time to wait goes on while one is opened, and from pool to pool. */
    private Connection waitForPool() throws SQLException {
        long startNanos = ticker.nanoTime();
        while (true) {
            DataSource pool = current();
            Duration waited = Duration.ofNanos(ticker.nanoTime() - startNanos);
            try {
                return pool instanceof PooledDataSource pooled ? pooled.getConnection(waited) : pool.getConnection();
            } catch (SQLException e) {
                boolean over = ticker.nanoTime() - startNanos >= timeout(pool).toNanos();
                if (!isDrained(e) || over || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    private DataSource current() throws SQLException {
        try {
            return route.current();
        } catch (PoolException e) {
            throw SqlExceptions.of(e);
        }
    }

    private static boolean isDrained(SQLException refusal) {
        return isRetryable(refusal.getCause());
    }

    private static boolean isRetryable(@Nullable Throwable cause) {
        return cause instanceof PoolClosedException closed && closed.retryable();
    }

    private static Duration timeout(DataSource pool) {
        return pool instanceof PooledDataSource pooled ? pooled.timeout() : PoolLimits.DEFAULTS.timeout();
    }

    @Override
    public String toString() {
        return "durable " + route.key();
    }
}
