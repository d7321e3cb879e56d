package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one place where physical connections of a pool are made; HikariCP asks here for each. Connections that were made
 * ahead, by an opening or a warm-up, lie ready here until HikariCP takes them. Thread-safe.
 */
final class ConnectionSource extends PlainDataSource {

    /** For HikariCP: what its shutdown waits for its adder, which has nothing left to do then but to end. */
    private static final int ADDER_END_SECONDS = 5;

    private final SessionDriver driver;
    private final PoolContext context;
    private final PoolMembers members;
    private final PoolThreads threads;
    private final GuardedListener listener;
    private final int maxQueries;

    private final Queue<PhysicalConnection> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connecting = new AtomicInteger();
    private final AtomicReference<@Nullable Runnable> whenQuiet = new AtomicReference<>();
    private volatile @Nullable PoolOpenException lastFailure;
    private volatile boolean closed;

    ConnectionSource(
            SessionDriver driver,
            PoolContext context,
            PoolMembers members,
            PoolThreads threads,
            GuardedListener listener,
            int maxQueries) {
        this.driver = driver;
        this.context = context;
        this.members = members;
        this.threads = threads;
        this.listener = listener;
        this.maxQueries = maxQueries;
    }

    /** For HikariCP's adder: a connection that lies ready, else a new one; once closed, nothing but a farewell. */
    @Override
    public Connection getConnection() throws SQLException {
        if (closed) {
            return FarewellConnection.create();
        }
        PhysicalConnection prepared = ready.poll();
        if (prepared != null) {
            threads.skipPause();
            return prepared;
        }
        try {
            PhysicalConnection connection = connect();
            return connection == null ? FarewellConnection.create() : connection;
        } catch (SQLException e) {
            if (closed) {
                return FarewellConnection.create();
            }
            throw e;
        }
    }

    /**
     * Establishes a connection. Blocks for the pool's timeout at most, for each step of the login.
     *
     * @return null if the pool was closed meanwhile
     */
    @Nullable PhysicalConnection connect() throws SQLException {
        long startNanos = context.ticker().nanoTime();
        connecting.incrementAndGet();
        try {
            var connection = new PhysicalConnection(driver.connect(), driver, maxQueries, members);
            members.add(connection);
            lastFailure = null;
            if (listener.isListening()) {
                listener.connected(context.ticker().nanoTime() - startNanos);
            }
            // INVARIANT: here a member is added and then `closed` read; closing sets `closed` and then closes all
            // members.
            // Whichever comes first, one of the two closes this connection.
            if (closed) {
                connection.close();
                return null;
            }
            return connection;
        } catch (SQLException | RuntimeException | LinkageError e) {
            Duration took = Duration.ofNanos(context.ticker().nanoTime() - startNanos);
            lastFailure = ConnectFailures.toPoolException(context.key(), e, took);
            throw e;
        } finally {
            if (connecting.decrementAndGet() == 0) {
                runWhenQuiet();
            }
        }
    }

    /** Returns why the last attempt to connect failed, or null if it succeeded. */
    @Nullable PoolOpenException lastFailure() {
        return lastFailure;
    }

    /** Lays a connection ready; HikariCP takes it before it makes one. */
    void adopt(PhysicalConnection connection) {
        ready.add(connection);
    }

    /** Takes back a connection that lies ready. Returns false if HikariCP has taken it. */
    boolean disown(PhysicalConnection connection) {
        return ready.remove(connection);
    }

    /** Tells whether HikariCP has yet to take a connection. */
    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** Makes no connection any more. Those that there are stay. */
    void close() {
        closed = true;
    }

    /** Tells whether a connection is being established. */
    boolean isConnecting() {
        return connecting.get() > 0;
    }

    /** Runs {@code action} once no connection is being established any more: now, or on the thread that ends the last. */
    void whenQuiet(Runnable action) {
        whenQuiet.set(action);
        if (connecting.get() == 0) {
            runWhenQuiet();
        }
    }

    private void runWhenQuiet() {
        Runnable action = whenQuiet.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }

    /** For HikariCP, which sets it when it starts; each connection has its own bound. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return ADDER_END_SECONDS;
    }
}
