package io.memfuse.pool.hikari;

import io.memfuse.core.pool.ConnectGate.Turn;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Durations;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the physical connections of one pool, each when it is its turn at the server, and remembers why the last attempt
 * failed. The one place where they are made. Thread-safe.
 */
final class Connector {

    private static final VarHandle CONNECTING;
    private static final VarHandle WHEN_QUIET;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CONNECTING = lookup.findVarHandle(Connector.class, "connecting", int.class);
            WHEN_QUIET = lookup.findVarHandle(Connector.class, "whenQuiet", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SessionDriver driver;
    private final PoolContext context;
    private final PoolMembers members;
    private volatile Duration timeout;
    private final int maxQueries;

    private final CompletableFuture<@Nullable Void> closing = new CompletableFuture<>();
    private final Outage outage;
    private final Unanswered unanswered = new Unanswered();
    private volatile @Nullable PoolOpenException lastFailure;

    private volatile int connecting;

    @SuppressWarnings("UnusedVariable") // by WHEN_QUIET
    private volatile @Nullable Runnable whenQuiet;

    Connector(SessionDriver driver, PoolContext context, PoolMembers members, Duration timeout, int maxQueries) {
        this.driver = driver;
        this.context = context;
        this.members = members;
        this.timeout = timeout;
        this.maxQueries = maxQueries;
        this.outage = new Outage(context, members);
    }

    /** Returns what becomes of borrowers when no connection can be made. */
    Outage outage() {
        return outage;
    }

    /** Returns who remembers the borrowers; null if nobody wants to know them. */
    @Nullable HolderLog holders() {
        return members.holders();
    }

    /** Returns what looks whether the database takes a login. */
    Probe probe() {
        return new Probe(driver, context);
    }

    /** Returns how long a connection may take. */
    Duration timeout() {
        return timeout;
    }

    /** Changes how long those may take that are begun from now on. */
    void setTimeout(Duration newTimeout) {
        driver.setTimeout(newTimeout);
        timeout = newTimeout;
    }

    /**
     * Establishes a connection on this thread. Blocks for the pool's timeout at most until it is its turn, and as long again
     * for each step of the login.
     *
     * @return null if the pool was closed meanwhile
     */
    @Nullable PhysicalConnection connect() throws SQLException {
        CONNECTING.getAndAdd(this, 1);
        try (Turn turn = awaitTurn()) {
            return turn == null ? null : logIn();
        } finally {
            if ((int) CONNECTING.getAndAdd(this, -1) == 1) {
                runWhenQuiet();
            }
        }
    }

    /** Establishes a connection on the executor; completes with null if the pool was closed meanwhile. Does not block. */
    CompletableFuture<@Nullable PhysicalConnection> connectAhead() {
        CompletableFuture<Turn> turn = context.gate().enter();
        // The turn ends here, not with the login, which an executor that is shut down does not even begin.
        return turn.thenApplyAsync(entered -> logInAhead(), context.executor())
                .whenComplete((connection, failure) -> turn.join().close());
    }

    private @Nullable PhysicalConnection logInAhead() {
        try {
            return logIn();
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private @Nullable Turn awaitTurn() throws SQLException {
        CompletableFuture<Turn> turn = context.gate().enter();
        Duration patience = timeout;
        try {
            if (!turn.isDone()) {
                Waiting.get(CompletableFuture.anyOf(turn, closing), patience);
            }
            if (turn.isDone() || !turn.cancel(false)) {
                return turn.join();
            }
            return null;
        } catch (TimeoutException e) {
            throw failed(new SQLTimeoutException("too many others log in at the server", e), patience, turn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(new SQLException("interrupted while others logged in at the server", e), Duration.ZERO, turn);
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails a turn", e);
        }
    }

    private SQLException failed(SQLException failure, Duration took, CompletableFuture<Turn> turn) {
        if (!turn.cancel(false)) {
            turn.join().close();
        }
        note(failure, took);
        return failure;
    }

    private void note(Throwable failure, Duration took) {
        if (isClosed()) {
            return; // Closing interrupts logins: it says nothing of the database, and the next pool of it may serve
            // already.
        }
        PoolOpenException reason = ConnectFailures.toPoolException(context.key(), failure, took);
        lastFailure = reason;
        try {
            context.listener().connectFailed(context.key(), reason);
        } finally {
            outage.attemptFailed(reason);
        }
    }

    private @Nullable PhysicalConnection logIn() throws SQLException {
        if (isClosed()) {
            return null;
        }
        long startNanos = context.ticker().nanoTime();
        unanswered.began(startNanos);
        try {
            return join(new PhysicalConnection(driver.connect(), driver, maxQueries, members), startNanos);
        } catch (SQLException | RuntimeException | Error e) {
            Duration took = Duration.ofNanos(context.ticker().nanoTime() - startNanos);
            note(e, took);
            throw e;
        } finally {
            unanswered.ended(context.ticker().nanoTime());
        }
    }

    /** Makes the connection a member of the pool, or closes it. */
    private @Nullable PhysicalConnection join(PhysicalConnection connection, long startNanos) {
        boolean joined = false;
        try {
            members.add(connection);
            lastFailure = null;
            outage.end();
            long nowNanos = context.ticker().nanoTime();
            connection.established(nowNanos);
            if (context.isListening()) {
                context.listener().connected(context.key(), nowNanos - startNanos);
            }
            // INVARIANT: here a member is added and then `closing` read; closing completes that and then closes all
            // members. Whichever comes first, one of the two closes this connection.
            joined = !isClosed();
        } finally {
            if (!joined) {
                connection.closeQuietly();
            }
        }
        return joined ? connection : null;
    }

    /** Returns why the last attempt to connect failed, or null if it succeeded. */
    @Nullable PoolOpenException lastFailure() {
        return lastFailure;
    }

    /** Returns why a borrower who has waited for so long waits still: null if no login took half that time. */
    @Nullable PoolOpenException unfinishedFor(Duration waited) {
        Duration silent = unanswered.since(context.ticker().nanoTime());
        return silent.isZero() || silent.compareTo(waited.dividedBy(2)) < 0
                ? null
                : PoolOpenException.attemptFailed(
                        context.key(),
                        FailureKind.NO_ANSWER,
                        "a login has had no answer for " + Durations.format(silent),
                        silent,
                        null);
    }

    /** A connection of the pool was closed: it may have been the last. */
    void memberClosed() {
        PoolOpenException failure = lastFailure;
        if (failure != null) {
            outage.attemptFailed(failure);
        }
    }

    /** Makes no connection any more. Those that there are stay. */
    void close() {
        closing.complete(null);
        outage.close();
    }

    boolean isClosed() {
        return closing.isDone();
    }

    /** Tells whether a thread that is not the executor's is busy with a connection. */
    boolean isConnecting() {
        return connecting > 0;
    }

    /** Runs {@code action} once no such thread is any more: now, or on that thread. */
    void whenQuiet(Runnable action) {
        whenQuiet = action;
        if (connecting == 0) {
            runWhenQuiet();
        }
    }

    private void runWhenQuiet() {
        var action = (Runnable) WHEN_QUIET.getAndSet(this, (Runnable) null);
        if (action != null) {
            action.run();
        }
    }
}
