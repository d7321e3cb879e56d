package io.memfuse.pool.hikari;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a pool that refuses new borrowers already: sends away those who wait, waits for those who hold a connection, cuts
 * off the rest, closes all. Run once.
 */
final class PoolDrain {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDrain.class);

    /** For the server to hear of connections that are cut off, and for sockets to close. */
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(5);

    /** For those who wait still when there is no time left to drain: each is told by HikariCP's adder, at once. */
    private static final Duration SENDING_AWAY = Duration.ofSeconds(1);

    /** For logins that are under way, and not worth more. */
    private static final Duration LOGIN_GRACE = Duration.ofMillis(500);

    private final PoolContext context;
    private final RunningPool pool;
    private final Connector connector;
    private final Supply supply;
    private final PoolMembers members;
    private final PoolThreads threads;

    PoolDrain(
            PoolContext context,
            RunningPool pool,
            Connector connector,
            Supply supply,
            PoolMembers members,
            PoolThreads threads) {
        this.context = context;
        this.pool = pool;
        this.connector = connector;
        this.supply = supply;
        this.members = members;
        this.threads = threads;
    }

    /** Blocks. An interrupt ends the waiting for borrowers, not the closing, and is there again on return. */
    DrainReport run(Duration timeout) {
        Deadline deadline = Deadline.after(timeout, context.ticker());
        boolean interrupted = false;
        List<AbortedConnection> aborted;
        try {
            supply.close();
            pool.hikari().setMinimumIdle(0);
            int maxSize = pool.maxSize();
            interrupted = !awaitQuietly(() -> isDrained(maxSize), deadline);
            // An interrupted thread could not wait for the end of HikariCP's own.
            interrupted |= Thread.interrupted();
            List<PhysicalConnection> late = new ArrayList<>();
            aborted = endLoans(late, deadline);
            if (!late.isEmpty()) {
                interrupted |= cutOff(late);
            }
            interrupted |= sendAwayTheRest(maxSize);
        } finally {
            interrupted |= shutDown();
        }
        var report = new DrainReport(context.key(), aborted, deadline.elapsed());
        LOG.debug(
                "{}: closed after {}; connections cut off: {}",
                context.key(),
                Durations.format(report.took()),
                aborted.size());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    private boolean isDrained(int maxSize) {
        boolean waiting = isAnybodyLeftToSendAway(maxSize);
        // HikariCP adds one connection at a time: while it tries to reach a dead server, who waits goes on waiting.
        return pool.active() == 0 && (!waiting || connector.isConnecting());
    }

    private boolean isAnybodyLeftToSendAway(int maxSize) {
        boolean waiting = pool.waiting() > 0;
        if (waiting) {
            // Nothing is added any more but a farewell; it needs room.
            pool.hikari().setMaximumPoolSize(maxSize + 1);
            pool.requestConnection();
        }
        return waiting;
    }

    /** Once HikariCP is closed nobody wakes those who wait in it. Its adder may be in the pause after a failed attempt. */
    private boolean sendAwayTheRest(int maxSize) {
        if (!isAnybodyLeftToSendAway(maxSize) || connector.isConnecting()) {
            return false;
        }
        threads.interrupt();
        return !awaitQuietly(() -> !isAnybodyLeftToSendAway(maxSize), Deadline.after(SENDING_AWAY, context.ticker()));
    }

    /** Ends each loan that its borrower has not ended at this moment: so reported is what is cut off, and nothing else. */
    private List<AbortedConnection> endLoans(List<PhysicalConnection> late, Deadline begun) {
        List<AbortedConnection> aborted = new ArrayList<>();
        for (PhysicalConnection connection : members.all()) {
            long sinceNanos = connection.endLoan();
            if (sinceNanos != LoanMark.NONE) {
                late.add(connection);
                aborted.add(named(connection, sinceNanos, begun));
            }
        }
        return List.copyOf(aborted);
    }

    /** Since when it is lent is known only of loans that are timed; nothing was lent since the closing began. */
    private AbortedConnection named(PhysicalConnection connection, long sinceNanos, Deadline begun) {
        Duration lentFor = sinceNanos == LoanMark.UNTIMED
                ? begun.elapsed()
                : Duration.ofNanos(context.ticker().nanoTime() - sinceNanos);
        return new AbortedConnection(connection.name(), lentFor);
    }

    /** Side by side, because each may take a while if the network is gone. */
    private boolean cutOff(List<PhysicalConnection> late) {
        for (PhysicalConnection connection : late) {
            execute(connection::abortQuietly);
        }
        return !awaitQuietly(
                () -> members.all().stream().noneMatch(late::contains),
                Deadline.after(CLOSING_TIMEOUT, context.ticker()));
    }

    private boolean shutDown() {
        threads.interrupt();
        if (connector.isConnecting()) {
            // HikariCP would wait for the attempt, which may go on until its timeout and leads to nothing any more.
            pool.pool().softEvictConnections();
            connector.whenQuiet(() -> execute(pool::close));
        } else {
            pool.close();
        }
        boolean interrupted = !awaitQuietly(members::isEmpty, Deadline.after(CLOSING_TIMEOUT, context.ticker()));
        // What is under way closes itself; with a server that answers there is none left on return.
        interrupted |= !awaitQuietly(supply::isQuiet, Deadline.after(LOGIN_GRACE, context.ticker()));
        members.all().forEach(PhysicalConnection::closeQuietly);
        return interrupted;
    }

    private void execute(Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            work.run();
        }
    }

    /** Returns false if it was interrupted. */
    private static boolean awaitQuietly(BooleanSupplier condition, Deadline deadline) {
        try {
            Patience.await(condition, deadline);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
