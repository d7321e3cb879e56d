package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.time.Deadline;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections that HikariCP is going to take: those that lie ready, and those that are under way. HikariCP asks for one
 * after the other, on one thread; here all that are needed are made side by side. Thread-safe.
 *
 * <p>How many are needed is known without a look on the way of the borrowers: HikariCP asks just when somebody waits or its
 * minimum is not reached. Up to the minimum they are made at once. Beyond it the first is made alone, and only if it
 * succeeds and borrowers still wait, those that they wait for: so a crowd that is served by what comes back costs one login,
 * and a database that does not answer sees one attempt at a time.
 *
 * <p>INVARIANT: a connection counts as under way until it is a member of the pool, and as a member until it is closed; more
 * are begun, under {@code mutex}, only while both together are fewer than the maximum.
 */
final class Supply {

    /** What was made and is not needed any more is kept for the next who comes; longer than HikariCP's longest pause. */
    private static final Duration SHELF_LIFE = Duration.ofSeconds(10);

    /** HikariCP lends what it took less than this ago without a look; it is given nothing unseen that is older. */
    private static final Duration TRUSTED = Duration.ofMillis(500);

    private static final int CHECK_SECONDS = 5;

    private final PoolContext context;
    private final Connector connector;
    private final PoolMembers members;
    private final int firstMaxSize;

    private final ReentrantLock mutex = new ReentrantLock();

    /** A connection came, a login failed, a member was closed, or all of it ended. */
    private final Condition change = mutex.newCondition();

    /** Guarded by {@code mutex}. */
    private final Queue<PhysicalConnection> ready = new ArrayDeque<>(1);

    /** Guarded by {@code mutex}. */
    private int underWay;

    /** Null until HikariCP is started: there is no demand before. */
    private volatile @Nullable RunningPool pool;

    Supply(PoolContext context, Connector connector, PoolMembers members, PoolLimits limits) {
        this.context = context;
        this.connector = connector;
        this.members = members;
        this.firstMaxSize = limits.maxSize();
    }

    void started(RunningPool running) {
        pool = running;
        members.whenClosed(this::memberClosed);
        connector.outage().started(running, this);
    }

    private void memberClosed() {
        connector.memberClosed();
        changed();
    }

    /** Makes one on this thread and lays it ready. Blocks. */
    void connectFirst() throws SQLException {
        PhysicalConnection first = Objects.requireNonNull(connector.connect(), "nobody closes what is not open yet");
        mutex.lock();
        try {
            ready.add(first);
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Returns the connection that is ready first, one that is made on this thread if none is under way. Called by one thread
     * at a time. Blocks.
     *
     * @return null if the pool is closed
     * @throws SQLTimeoutException if after the pool's timeout none is ready, and there is no room for another
     */
    @Nullable PhysicalConnection next() throws SQLException {
        PhysicalConnection next = takeOrReserve();
        while (next != null && !isSound(next)) {
            next = takeOrReserve();
        }
        if (next == null) {
            next = connectHere();
        }
        if (next != null) {
            refill();
            orderForWaiters();
        }
        return next;
    }

    /** Closes it if not. */
    private boolean isSound(PhysicalConnection taken) throws SQLException {
        boolean sound = false;
        try {
            sound = context.ticker().nanoTime() - taken.establishedAtNanos() <= TRUSTED.toNanos()
                    || taken.isValid(CHECK_SECONDS);
        } finally {
            if (!sound) {
                taken.closeQuietly();
            }
        }
        return sound;
    }

    /** Returns null if one is to be made on this thread, which counts as under way from now on. */
    private @Nullable PhysicalConnection takeOrReserve() throws SQLException {
        Deadline deadline = Deadline.after(connector.timeout(), context.ticker());
        mutex.lock();
        try {
            while (ready.isEmpty() && !isOurTurn()) {
                if (deadline.hasPassed()) {
                    throw new SQLTimeoutException(underWay + " logins take longer than the timeout, " + members.size()
                            + " connections are open, max_size is " + maxSize());
                }
                long unused = change.awaitNanos(deadline.remainingNanos());
            }
            PhysicalConnection taken = ready.poll();
            if (taken == null) {
                underWay++;
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while connections were established", e);
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Of a pool that is closed the connector makes none, and in an outage none here. HikariCP may ask before the last it gave up
     * is closed.
     */
    private boolean isOurTurn() {
        return connector.isClosed() || connector.outage().isOn() || (underWay == 0 && members.size() < maxSize());
    }

    private int maxSize() {
        RunningPool current = pool;
        return current == null ? firstMaxSize : current.maxSize();
    }

    private @Nullable PhysicalConnection connectHere() throws SQLException {
        try {
            RunningPool current = pool;
            if (current != null && connector.lastFailure() == null) {
                order(current.minSize());
            }
            if (connector.outage().isOn()) {
                throw new SQLTransientConnectionException("no attempt before it is due");
            }
            return connector.connect();
        } finally {
            settle(null);
        }
    }

    boolean isAnybodyWaiting() {
        RunningPool current = pool;
        return current != null && current.waiting() > 0;
    }

    /** Here too, for the first connection after an outage comes to lie ready without having been asked for. */
    private void refill() {
        RunningPool current = pool;
        if (current != null) {
            order(current.minSize());
        }
    }

    /** For those who wait beyond the one that is served by what is being returned. */
    private void orderForWaiters() {
        RunningPool current = pool;
        if (current != null) {
            int unserved = current.waiting() - current.idle() - 1;
            begin(reserve(unserved - pending(), current.maxSize()));
        }
    }

    /** Begins as many as it takes to have so many members; one, if the last attempt failed. */
    void order(int target) {
        begin(reserve(Integer.MAX_VALUE, target));
    }

    private int reserve(int wanted, int limit) {
        mutex.lock();
        try {
            int room = limit - members.size() - underWay;
            int allowed = connector.lastFailure() == null ? room : Math.min(room, 1 - underWay);
            int count = Math.max(0, Math.min(wanted, allowed));
            underWay += count;
            return count;
        } finally {
            mutex.unlock();
        }
    }

    private void begin(int reserved) {
        int left = reserved;
        try {
            while (left > 0) {
                CompletableFuture<@Nullable PhysicalConnection> begun = connector.connectAhead();
                left--;
                begun.whenComplete((connection, failure) -> settle(connection));
            }
        } finally {
            for (; left > 0; left--) {
                settle(null);
            }
        }
    }

    /** One that was under way is there, or is not to come. */
    private void settle(@Nullable PhysicalConnection connection) {
        boolean kept = false;
        mutex.lock();
        try {
            underWay--;
            // INVARIANT: here `closed` is read and the connection added under the mutex; closing sets it and then takes
            // out all, under the mutex. So one of the two closes the connection.
            if (connection != null && !connector.isClosed()) {
                kept = ready.add(connection);
            }
            change.signalAll();
        } finally {
            mutex.unlock();
        }
        if (connection != null) {
            if (kept) {
                offer(connection);
            } else {
                connection.closeQuietly();
            }
        }
    }

    private void offer(PhysicalConnection connection) {
        RunningPool current = pool;
        if (current != null) {
            current.requestConnection();
        }
        try {
            Future<?> unused = context.scheduler()
                    .schedule(
                            () -> context.executor().execute(() -> expire(connection)),
                            SHELF_LIFE.toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            // The platform closes, and every connection with it.
        }
    }

    private void expire(PhysicalConnection connection) {
        boolean untaken;
        mutex.lock();
        try {
            untaken = ready.remove(connection);
        } finally {
            mutex.unlock();
        }
        if (untaken) {
            connection.closeQuietly();
        }
    }

    /** Returns how many lie ready or are under way. */
    int pending() {
        mutex.lock();
        try {
            return ready.size() + underWay;
        } finally {
            mutex.unlock();
        }
    }

    /** Tells whether none is under way any more. */
    boolean isQuiet() {
        mutex.lock();
        try {
            return underWay == 0;
        } finally {
            mutex.unlock();
        }
    }

    /** Closes those that lie ready. */
    void clear() {
        List<PhysicalConnection> untaken;
        mutex.lock();
        try {
            untaken = List.copyOf(ready);
            ready.clear();
        } finally {
            mutex.unlock();
        }
        untaken.forEach(PhysicalConnection::closeQuietly);
    }

    /** Makes none any more, and sends away who waits for one. */
    void close() {
        connector.close();
        changed();
        clear();
    }

    /** Has who waits for a connection look again. */
    private void changed() {
        mutex.lock();
        try {
            change.signalAll();
        } finally {
            mutex.unlock();
        }
    }
}
