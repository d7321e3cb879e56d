package io.memfuse.core.registry;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has an open pool look whether its database answers. */
final class PoolProbe {

    private PoolProbe() {}

    /** Returns what completes with the answer, at the latest when the time is up. Takes no lease: a look is no use. */
    static CompletableFuture<@Nullable Void> of(OpenPool<?> pool, Duration timeout, SlotContext context) {
        RegistryEngine engine = context.engine();
        Deadline deadline = Deadline.after(timeout, engine.ticker());
        CompletableFuture<@Nullable Void> answered = context.answer(
                pool.key(),
                deadline,
                () -> PoolOpenException.attemptFailed(
                        pool.key(), FailureKind.NO_ANSWER, "no answer to a probe", deadline.elapsed(), null));
        engine.runOnLoader(() -> look(pool, deadline, answered));
        return answered;
    }

    private static void look(OpenPool<?> pool, Deadline deadline, CompletableFuture<@Nullable Void> answered) {
        try {
            pool.handle().probe(deadline.remaining());
            answered.complete(null);
        } catch (InterruptedException e) {
            answered.completeExceptionally(new PoolInterruptedException(pool.key(), deadline.elapsed(), e));
        } catch (Throwable e) {
            answered.completeExceptionally(Failures.ofOpening(pool.key(), e, deadline.elapsed()));
        }
    }
}
