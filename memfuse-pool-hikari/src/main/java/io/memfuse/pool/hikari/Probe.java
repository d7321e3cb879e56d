package io.memfuse.pool.hikari;

import io.memfuse.core.pool.ConnectGate.Turn;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a database takes a login, on a connection that is no member of the pool. The driver does not heed an interrupt, so
 * the login is on another thread: who gives up waiting leaves it to that, which closes what may come of it. Immutable and
 * thread-safe.
 */
final class Probe {

    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    private final SessionDriver driver;
    private final PoolContext context;

    Probe(SessionDriver driver, PoolContext context) {
        this.driver = driver;
        this.context = context;
    }

    /**
     * Blocks.
     *
     * @throws PoolOpenException if the database refused, or did not answer in time
     */
    void run(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, context.ticker());
        CompletableFuture<Turn> turn = context.gate().enter();
        boolean answered = false;
        try {
            // The turn ends here, not with the login, which an executor that is shut down does not even begin.
            CompletableFuture<@Nullable Void> login = turn.thenRunAsync(() -> logInAndOut(deadline), context.executor())
                    .whenComplete((done, failure) -> end(turn));
            Waiting.get(login, deadline.remaining());
            answered = true;
        } catch (TimeoutException e) {
            throw PoolOpenException.attemptFailed(
                    context.key(), FailureKind.NO_ANSWER, "no answer to a probe", deadline.elapsed(), null);
        } catch (ExecutionException e) {
            throw ConnectFailures.toPoolException(context.key(), cause(e), deadline.elapsed());
        } finally {
            if (!answered) {
                turn.cancel(false); // Does nothing if it has begun.
            }
        }
    }

    private static void end(CompletableFuture<Turn> turn) {
        if (!turn.isCompletedExceptionally()) {
            turn.join().close();
        }
    }

    private void logInAndOut(Deadline deadline) {
        if (deadline.hasPassed()) {
            return;
        }
        try (Connection connection = driver.connect()) {
            LOG.debug("{}: {} answers a probe", context.key(), driver.name(connection));
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static Throwable cause(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause;
    }
}
