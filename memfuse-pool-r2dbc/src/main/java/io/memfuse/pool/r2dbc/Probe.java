package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks whether a database takes a login, on a connection that is no member of the pool. Immutable and thread-safe. */
final class Probe {

    /** For a good-bye; then the connection is cut off. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(1);

    private final SessionDriver driver;
    private final PoolContext context;

    /** @param pool what the pool was given; its listener hears nothing of a probe */
    Probe(SessionDriver driver, PoolContext pool) {
        this.driver = driver;
        this.context = new PoolContext(
                pool.key(), PoolListener.NONE, pool.scheduler(), pool.executor(), pool.ticker(), pool.gate());
    }

    /**
     * Blocks.
     *
     * @throws PoolOpenException if the database refused, or did not answer in time
     */
    void run(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, context.ticker());
        var answered = new CompletableFuture<@Nullable Void>();
        Connector.Login login = new Connector(driver, context, timeout)
                .login(session -> end(session, answered), answered::completeExceptionally);
        try {
            login.start();
            Waiting.get(answered, deadline.remaining());
        } catch (TimeoutException e) {
            throw PoolOpenException.attemptFailed(
                    context.key(), FailureKind.NO_ANSWER, "no answer to a probe", deadline.elapsed(), null);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PoolOpenException failure
                    ? failure
                    : ConnectFailures.toPoolException(context.key(), e, deadline.elapsed());
        } finally {
            login.giveUp(); // Does nothing if it is over.
        }
    }

    private void end(Session session, CompletableFuture<@Nullable Void> answered) {
        Timed.start(session.close(), CLOSING_LIMIT, context, (done, failure) -> {
            session.cutOff();
            answered.complete(null);
        });
    }
}
