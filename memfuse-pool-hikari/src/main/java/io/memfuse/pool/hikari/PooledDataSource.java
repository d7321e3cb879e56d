package io.memfuse.pool.hikari;

import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What borrowers use of one pool: HikariCP, which it refuses to ask once the pool drains, and whose errors it explains.
 * Thread-safe. Allocates nothing on the way to a free connection.
 */
final class PooledDataSource extends PlainDataSource {

    private static final VarHandle DRAINING;

    static {
        try {
            DRAINING = MethodHandles.lookup().findVarHandle(PooledDataSource.class, "draining", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolContext context;
    private final RunningPool pool;
    private final Connector connector;
    private final Outage outage;
    private final @Nullable HolderLog holders;
    private final BorrowFailures failures;
    private volatile boolean draining;

    PooledDataSource(PoolContext context, RunningPool pool, Connector connector) {
        this.context = context;
        this.pool = pool;
        this.connector = connector;
        this.outage = connector.outage();
        this.holders = connector.holders();
        this.failures = new BorrowFailures(context, pool, connector);
    }

    /** Refuses every borrower from now on; false if it does already. */
    boolean drain() {
        return DRAINING.compareAndSet(this, false, true);
    }

    boolean isDraining() {
        return draining;
    }

    /** Returns how long a borrower waits at most. */
    Duration timeout() {
        return connector.timeout();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(context.startTiming(), Duration.ZERO);
    }

    /** Lends to one who has waited elsewhere for so long: his time goes on. */
    Connection getConnection(Duration waited) throws SQLException {
        return getConnection(context.startTiming(), waited);
    }

    private Connection getConnection(long startNanos, Duration waited) throws SQLException {
        if (draining) {
            throw failures.drained(waited);
        }
        if (outage.isOn()) {
            refuse(waited);
        }
        Connection connection = borrow(startNanos, waited);
        // INVARIANT: a borrower becomes active (in HikariCP) and then reads `draining`; closing sets `draining` and
        // then reads how many are active. So either the borrower sees the drain, or the closing waits for it.
        if (draining) {
            pool.sentAway();
            connection.close();
            throw failures.drained(waited(startNanos, waited));
        }
        PhysicalConnection physical = connection.unwrap(PhysicalConnection.class);
        if (physical == null) {
            return borrowAfterFarewell(connection, waited(startNanos, waited));
        }
        long nowNanos = startNanos == PoolContext.UNTIMED
                ? PoolContext.UNTIMED
                : context.ticker().nanoTime();
        if (holders != null) {
            track(holders, physical);
        }
        physical.lend(connection, nowNanos);
        if (nowNanos != PoolContext.UNTIMED) {
            context.listener().acquired(context.key(), waitedNanos(startNanos, nowNanos, waited));
        }
        return connection;
    }

    /** Before it is lent: that it comes back is told after that only. */
    private static void track(HolderLog holders, PhysicalConnection connection) {
        HolderLog.Borrower borrower = holders.borrower(Thread.currentThread().getName());
        if (borrower != null) {
            holders.began(connection, borrower);
        }
    }

    private void refuse(Duration waited) throws SQLException {
        SQLException refusal = failures.refused(waited);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** He was sent away by an outage, and so are those who wait after him; if it is over by now, he asks again. */
    private Connection borrowAfterFarewell(Connection farewell, Duration waited) throws SQLException {
        pool.sentAway();
        pool.hikari().evictConnection(farewell);
        if (outage.isOn() && pool.waiting() > 0) {
            pool.requestConnection();
        }
        refuse(waited);
        return getConnection(waited);
    }

    private static long waitedNanos(long startNanos, long nowNanos, Duration waitedBefore) {
        return startNanos == PoolContext.UNTIMED ? PoolContext.UNTIMED : nowNanos - startNanos + waitedBefore.toNanos();
    }

    /** Returns how long the borrower has waited until now, as far as it is known. */
    private Duration waited(long startNanos, Duration waitedBefore) {
        return startNanos == PoolContext.UNTIMED
                ? waitedBefore
                : waitedBefore.plusNanos(context.ticker().nanoTime() - startNanos);
    }

    private Connection borrow(long startNanos, Duration waited) throws SQLException {
        Duration timeout = timeout();
        if (pool.hikari().isClosed()) {
            throw failures.drained(waited);
        }
        try {
            return pool.borrow(leftMillis(timeout, waited));
        } catch (SQLTransientConnectionException e) {
            if (draining) {
                throw failures.drained(timeout);
            }
            context.listener().timedOut(context.key(), timeout.toNanos());
            throw failures.timedOut(timeout, e);
        } catch (SQLException e) {
            if (draining) {
                throw failures.drained(waited(startNanos, waited));
            }
            throw e.getCause() instanceof InterruptedException interrupt
                    ? failures.interrupted(waited(startNanos, waited), interrupt)
                    : e;
        }
    }

    /** Rounded up: nobody gives up too early, and a free connection is lent even at the last moment. */
    private static long leftMillis(Duration timeout, Duration waited) {
        return Math.max(1, (timeout.toNanos() - waited.toNanos() + 999_999) / 1_000_000);
    }

    /** A borrower whom this pool sent away waited in vain for the next one. */
    void timedOutElsewhere(Duration waited) {
        if (context.isListening()) {
            context.listener().timedOut(context.key(), waited.toNanos());
        }
    }
}
