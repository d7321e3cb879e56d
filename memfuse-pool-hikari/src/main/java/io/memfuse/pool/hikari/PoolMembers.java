package io.memfuse.pool.hikari;

import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolContext;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The physical connections of one pool: which there are, from the moment that they are established until they are closed,
 * and what becomes of one that is given back. Thread-safe.
 */
final class PoolMembers implements PhysicalConnection.Owner {

    /** Until HikariCP is asked again to close a connection that was not idle yet; doubles each time. */
    private static final long FIRST_RETRY_MILLIS = 1;

    /** After this long nobody is in the middle of returning a connection any more. */
    private static final long LAST_RETRY_MILLIS = 1_024;

    /** Guarded by itself, for a few instructions. A list: small, and one that goes needs no memory. */
    private final List<PhysicalConnection> members = new ArrayList<>(1);

    /** Of those that are members no more. Guarded by {@code members}. */
    private long loansOfClosed;

    private final PoolContext context;

    /** Null until the pool is started: there is no borrower before. */
    private volatile @Nullable RunningPool pool;

    /** The maximum, once the pool was resized: until then HikariCP itself makes no more. */
    private volatile int limit = Integer.MAX_VALUE;

    private final @Nullable HolderLog holders;
    private volatile Runnable whenClosed = () -> {};

    PoolMembers(PoolContext context) {
        this.context = context;
        this.holders = HolderLog.of(context);
    }

    /** Returns who remembers the borrowers; null if nobody wants to know them. */
    @Nullable HolderLog holders() {
        return holders;
    }

    /** Connects the members with the pool that lends them. */
    void started(RunningPool running) {
        pool = running;
    }

    /** Has {@code action} run after each connection that is closed, on the thread that closed it; it must not block. */
    void whenClosed(Runnable action) {
        whenClosed = action;
    }

    /** Has what is beyond a new maximum closed when it is given back. */
    void limit(int maxSize) {
        limit = maxSize;
    }

    void add(PhysicalConnection connection) {
        synchronized (members) {
            members.add(connection);
        }
    }

    /** Returns those that there are at the moment. */
    List<PhysicalConnection> all() {
        synchronized (members) {
            return List.copyOf(members);
        }
    }

    /** Returns how many there are. */
    int size() {
        synchronized (members) {
            return members.size();
        }
    }

    /** Returns how often one of them was lent, those too that are closed. */
    long loans() {
        synchronized (members) {
            long loans = loansOfClosed;
            for (PhysicalConnection member : members) {
                loans += member.loans();
            }
            return loans;
        }
    }

    /** Tells whether all are closed. */
    boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public String poolName() {
        return context.key().toString();
    }

    @Override
    public void returning() {
        RunningPool current = pool;
        if (current != null) {
            current.remembered();
        }
    }

    @Override
    public void released(PhysicalConnection connection, long lentSinceNanos) {
        if (holders != null) {
            holders.ended(connection);
        }
        if (lentSinceNanos != LoanMark.UNTIMED) {
            context.listener().released(context.key(), context.ticker().nanoTime() - lentSinceNanos);
        }
    }

    /** True for those beyond the size of a pool that was shrunk; not counted are those that are about to be closed. */
    @Override
    public boolean isUnwanted(PhysicalConnection connection) {
        int max = limit;
        // Not atomic with the discarding: two may go where one would do, and HikariCP connects anew if it needs to.
        return max != Integer.MAX_VALUE
                && size() > max
                && all().stream().filter(member -> !member.isDiscarded()).count() > max;
    }

    /**
     * Marks the connection, so that the next borrower leaves it alone, and has it closed and replaced as soon as its
     * borrower's return is complete, on another thread than the borrower's.
     */
    @Override
    public void discard(PhysicalConnection connection, Connection lease) {
        RunningPool current = pool;
        if (current != null) {
            connection.discard();
            current.hikari().evictConnection(lease);
            closeSoon(current, connection, lease, FIRST_RETRY_MILLIS);
        }
    }

    /** Has those closed that lie idle, for they are silent too, as it looks; the others when they come back. */
    @Override
    public void unanswered() {
        RunningPool current = pool;
        if (current != null) {
            current.pool().softEvictConnections();
        }
    }

    @Override
    public long nanoTime() {
        return context.ticker().nanoTime();
    }

    private void closeSoon(RunningPool current, PhysicalConnection connection, Connection lease, long delayMillis) {
        try {
            Future<?> unused = context.scheduler()
                    .schedule(
                            () -> context.executor()
                                    .execute(() -> closeIfIdle(current, connection, lease, delayMillis)),
                            delayMillis,
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shutDown) {
            // The platform closes, and every connection with it.
        }
    }

    private void closeIfIdle(RunningPool current, PhysicalConnection connection, Connection lease, long delayMillis) {
        current.hikari().evictConnection(lease);
        if (contains(connection) && delayMillis < LAST_RETRY_MILLIS) {
            closeSoon(current, connection, lease, delayMillis * 2);
        }
    }

    private boolean contains(PhysicalConnection connection) {
        synchronized (members) {
            return members.contains(connection);
        }
    }

    private boolean remove(PhysicalConnection connection) {
        synchronized (members) {
            boolean removed = members.remove(connection);
            if (removed) {
                loansOfClosed += connection.loans();
            }
            return removed;
        }
    }

    @Override
    public void closed(PhysicalConnection connection) {
        if (remove(connection)) {
            whenClosed.run();
            wakeWaiters();
        }
    }

    /** HikariCP replaces what falls below its minimum, but not a connection that only borrowers who wait would need. */
    private void wakeWaiters() {
        RunningPool current = pool;
        if (current != null) {
            int waiting = current.waiting();
            if (waiting > 0) {
                current.pool().addBagItem(waiting);
            }
        }
    }
}
