package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What borrowers use of one pool: HikariCP, which it refuses to ask once the pool drains, and whose errors it explains.
 * Thread-safe. Allocates nothing on the way to a free connection.
 */
final class PooledDataSource extends PlainDataSource {

    private final PoolContext context;
    private final HikariDataSource hikari;
    private final Connector connector;
    private final Duration timeout;
    private final Supplier<PoolStats> stats;
    private volatile boolean draining;

    PooledDataSource(
            PoolContext context,
            HikariDataSource hikari,
            Connector connector,
            Duration timeout,
            Supplier<PoolStats> stats) {
        this.context = context;
        this.hikari = hikari;
        this.connector = connector;
        this.timeout = timeout;
        this.stats = stats;
    }

    /** Refuses every borrower from now on. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Returns how long a borrower waits at most. */
    Duration timeout() {
        return timeout;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (draining) {
            throw refusal();
        }
        boolean listening = context.isListening();
        long startNanos = listening ? context.ticker().nanoTime() : 0;
        Connection connection = borrow(listening, startNanos);
        // INVARIANT: a borrower becomes active (in HikariCP) and then reads `draining`; closing sets `draining` and
        // then reads how many are active. So either the borrower sees the drain, or the closing waits for it.
        if (draining) {
            connection.close();
            throw refusal();
        }
        long nowNanos = listening ? context.ticker().nanoTime() : 0;
        connection.unwrap(PhysicalConnection.class).lend(connection, nowNanos);
        if (listening) {
            context.listener().acquired(context.key(), nowNanos - startNanos);
        }
        return connection;
    }

    private Connection borrow(boolean listening, long startNanos) throws SQLException {
        try {
            return hikari.getConnection();
        } catch (SQLTransientConnectionException e) {
            if (draining) {
                throw refusal();
            }
            if (listening) {
                context.listener().timedOut(context.key(), context.ticker().nanoTime() - startNanos);
            }
            throw explained(e);
        } catch (SQLException e) {
            if (draining) {
                throw refusal();
            }
            throw e.getCause() instanceof InterruptedException interrupt
                    ? SqlExceptions.of(new PoolInterruptedException(context.key(), stats.get(), interrupt))
                    : e;
        }
    }

    private SQLException refusal() {
        return SqlExceptions.of(PoolClosedException.drained(context.key()));
    }

    private SQLException explained(SQLTransientConnectionException timedOut) {
        PoolOpenException failure = connector.lastFailure();
        PoolException cause = failure != null
                ? failure
                : PoolTimeoutException.exhausted(context.key(), timeout, stats.get(), timedOut);
        return SqlExceptions.of(cause);
    }
}
