package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * HikariCP at work. The cast to its public class {@code HikariPool} is for {@code addBagItem}, which is public too but not
 * meant for users, and for borrowing with a time of one's own. Thread-safe.
 */
final class RunningPool {

    private static final String WEAK_REFERENCES = "com.zaxxer.hikari.useWeakReferences";

    /** HikariCP stops at a connection that was given back while the pool was closed; that there is one is rare already. */
    private static final int ATTEMPTS = 2;

    private final HikariDataSource hikari;
    private final HikariPool pool;
    private final PoolMembers members;
    private final Ticker ticker;
    private final boolean remembersStrongly;
    private final OldestWaiter oldestWaiter = new OldestWaiter();

    /** Borrowers who got no connection, or none that they are lent. */
    private final LongAdder sentAway = new LongAdder();

    private volatile boolean closed;

    RunningPool(HikariDataSource hikari, PoolMembers members, Ticker ticker) {
        this.hikari = hikari;
        this.members = members;
        this.ticker = ticker;
        this.pool = (HikariPool) hikari.getHikariPoolMXBean();
        this.remembersStrongly = remembersStrongly();
    }

    /** As HikariCP decides it: weakly where classes come and go, in application servers and executable archives. */
    private static boolean remembersStrongly() {
        return System.getProperty(WEAK_REFERENCES) == null
                ? HikariPool.class.getClassLoader() == ClassLoader.getSystemClassLoader()
                : !Boolean.getBoolean(WEAK_REFERENCES);
    }

    /** Returns what lends. */
    HikariDataSource hikari() {
        return hikari;
    }

    /** Returns what is inside. */
    HikariPool pool() {
        return pool;
    }

    /**
     * Borrows from HikariCP, and waits for so long at most; {@code getConnection()} would wait for as long as it was told when
     * it was started. Who is then not lent what he got says so by {@link #sentAway()}: of all who may have waited it has to be known that
     * they do no more.
     */
    Connection borrow(long timeoutMillis) throws SQLException {
        boolean lent = false;
        try {
            Connection connection = pool.getConnection(timeoutMillis);
            lent = true;
            return connection;
        } finally {
            if (!lent) {
                sentAway();
            }
        }
    }

    /** A borrower is not lent what he got. */
    void sentAway() {
        sentAway.increment();
    }

    /** Returns the numbers of this moment, without how long anybody has waited. */
    PoolStats stats() {
        return stats(waiting(), Duration.ZERO);
    }

    /** Returns the numbers of this moment; how long the oldest has waited follows from the looks before, and this is one. */
    PoolStats look() {
        long ended = members.loans() + sentAway.sum();
        int waiting = waiting();
        return stats(waiting, Duration.ofNanos(oldestWaiter.ageNanos(ended, waiting, ticker.nanoTime())));
    }

    private PoolStats stats(int waiting, Duration oldestWaiterAge) {
        return new PoolStats(total(), active(), idle(), waiting, oldestWaiterAge, minSize(), maxSize());
    }

    int total() {
        return pool.getTotalConnections();
    }

    int active() {
        return pool.getActiveConnections();
    }

    int idle() {
        return pool.getIdleConnections();
    }

    int waiting() {
        return pool.getThreadsAwaitingConnection();
    }

    int minSize() {
        return hikari.getMinimumIdle();
    }

    int maxSize() {
        return hikari.getMaximumPoolSize();
    }

    /** HikariCP adds a connection for each request, if it needs one; requests beyond its queue it drops. */
    void requestConnection() {
        pool.addBagItem(Integer.MAX_VALUE);
    }

    /** A connection is given back on this thread, for which HikariCP remembers it. */
    void remembered() {
        if (remembersStrongly) {
            ThreadMemory.gaveBack(this);
        }
    }

    /** Waits for HikariCP, which closes its connections. */
    void close() {
        try {
            hikari.close();
        } finally {
            closed = true;
            ThreadMemory.aPoolWasClosed();
        }
    }

    /**
     * Has HikariCP forget what it remembers for this thread, if it is closed: a borrower has nothing to find and no time to
     * wait, but what he looked at is taken off the list of his thread.
     *
     * @return whether it is closed
     */
    boolean forgetIfClosed() {
        if (closed) {
            for (int i = 0; i < ATTEMPTS; i++) {
                try {
                    pool.evictConnection(pool.getConnection(0));
                } catch (SQLException nothingThere) {
                    // All were looked at; or it stopped at one that was given back while the pool was closed.
                }
            }
        }
        return closed;
    }
}
