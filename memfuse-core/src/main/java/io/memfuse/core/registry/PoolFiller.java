package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.time.Deadline;
import java.util.concurrent.CompletableFuture;

/** Fills an open pool to its minimum. */
final class PoolFiller {

    private PoolFiller() {}

    /** Fills, and tells {@code filled} how it ended. Blocks. */
    static void fill(OpenPool<?> pool, Deadline deadline, PoolNumbers numbers, CompletableFuture<PoolStats> filled) {
        try {
            fill(pool, deadline);
            filled.complete(numbers.of(pool)); // After the lease is given back: whoever waits may want to evict.
        } catch (InterruptedException e) {
            filled.completeExceptionally(new PoolInterruptedException(pool.key(), deadline.elapsed(), e));
        } catch (Throwable e) {
            filled.completeExceptionally(
                    e instanceof PoolException ? e : Failures.ofOpening(pool.key(), e, deadline.elapsed()));
        }
    }

    /** Fills under a lease. Blocks. */
    static void fill(OpenPool<?> pool, Deadline deadline) throws InterruptedException {
        try (PoolLease<?> lease = pool.tryLease()) {
            if (lease == null) {
                throw PoolClosedException.drained(pool.key());
            }
            pool.handle().warmUp(deadline.remaining());
        }
    }
}
