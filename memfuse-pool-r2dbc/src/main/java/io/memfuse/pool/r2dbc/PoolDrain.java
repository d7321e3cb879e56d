package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a pool: refuses borrowers, waits for those who hold a connection, cuts off the rest, closes all. Run once. */
final class PoolDrain {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDrain.class);

    /** For the server to hear of connections that are cut off, and for sockets to close. */
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(5);

    private final PoolCore core;
    private boolean interrupted;

    PoolDrain(PoolCore core) {
        this.core = core;
    }

    /** Blocks. An interrupt ends the waiting for borrowers, not the closing, and is there again on return. */
    DrainReport run(Duration timeout) {
        Deadline deadline = Deadline.after(timeout, core.context().ticker());
        var draining = new Draining();
        core.tell(() -> core.drain(draining));
        try {
            List<AbortedConnection> aborted =
                    isDone(draining.returned(), deadline.remaining()) ? List.of() : cutOff(draining);
            boolean closed = isDone(draining.closed(), CLOSING_TIMEOUT);
            var report = new DrainReport(core.key(), aborted, deadline.elapsed());
            LOG.debug(
                    "{}: closed after {}; connections cut off: {}; all closed: {}",
                    core.key(),
                    Durations.format(report.took()),
                    aborted.size(),
                    closed);
            return report;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<AbortedConnection> cutOff(Draining draining) {
        var loans = new CompletableFuture<List<Loan>>();
        core.tell(() -> loans.complete(core.members().loans()));
        if (!isDone(loans, CLOSING_TIMEOUT)) {
            LOG.warn("{}: does not tell who holds its connections; they are left to their borrowers", core.key());
            return List.of();
        }
        List<AbortedConnection> aborted = loans.join().stream()
                .filter(Loan::abort)
                .map(loan -> loan.aborted(core.nanoTime()))
                .toList();
        boolean unused = isDone(draining.returned(), CLOSING_TIMEOUT);
        return aborted;
    }

    private boolean isDone(CompletableFuture<?> awaited, Duration timeout) {
        try {
            awaited.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails a drain", e);
        }
    }
}
