package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
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

    private final PoolContext context;
    private final HikariDataSource hikari;
    private final HikariPool pool;
    private final ConnectionSource source;
    private final PoolMembers members;
    private final PoolThreads threads;

    PoolDrain(
            PoolContext context,
            HikariDataSource hikari,
            HikariPool pool,
            ConnectionSource source,
            PoolMembers members,
            PoolThreads threads) {
        this.context = context;
        this.hikari = hikari;
        this.pool = pool;
        this.source = source;
        this.members = members;
        this.threads = threads;
    }

    /** Blocks. An interrupt ends the waiting for borrowers, not the closing, and is there again on return. */
    DrainReport run(Duration timeout) {
        Deadline deadline = Deadline.after(timeout, context.ticker());
        source.close();
        hikari.setMinimumIdle(0);
        int maxSize = hikari.getMaximumPoolSize();
        boolean interrupted = !awaitQuietly(() -> isDrained(maxSize), deadline);
        int aborted = pool.getActiveConnections();
        // An interrupted thread could not wait for the end of HikariCP's own.
        interrupted |= Thread.interrupted();
        if (aborted > 0) {
            interrupted |= cutOff();
        }
        interrupted |= shutDown();
        var report = new DrainReport(context.key(), aborted, deadline.elapsed());
        LOG.debug(
                "{}: closed after {}, {} connections in use cut off",
                context.key(),
                Durations.format(report.took()),
                aborted);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    private boolean isDrained(int maxSize) {
        boolean waiting = pool.getThreadsAwaitingConnection() > 0;
        if (waiting) {
            // Nothing is added any more but a farewell; it needs room.
            hikari.setMaximumPoolSize(maxSize + 1);
            pool.addBagItem(Integer.MAX_VALUE);
        }
        // HikariCP adds one connection at a time: while it tries to reach a dead server, who waits goes on waiting.
        return pool.getActiveConnections() == 0 && (!waiting || source.isConnecting());
    }

    /** Side by side, because each may take a while if the network is gone. */
    private boolean cutOff() {
        for (PhysicalConnection connection : members.all()) {
            if (connection.isLent()) {
                execute(connection::abortQuietly);
            }
        }
        return !awaitQuietly(
                () -> members.all().stream().noneMatch(PhysicalConnection::isLent),
                Deadline.after(CLOSING_TIMEOUT, context.ticker()));
    }

    private boolean shutDown() {
        threads.interrupt();
        if (source.isConnecting()) {
            // HikariCP would wait for the attempt, which may go on until its timeout and leads to nothing any more.
            pool.softEvictConnections();
            source.whenQuiet(() -> execute(hikari::close));
        } else {
            hikari.close();
        }
        boolean interrupted = !awaitQuietly(members::isEmpty, Deadline.after(CLOSING_TIMEOUT, context.ticker()));
        members.all().forEach(PhysicalConnection::closeQuietly);
        return interrupted;
    }

    private void execute(Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException shutDown) {
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
