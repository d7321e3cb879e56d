package io.memfuse.core.pool;

import java.time.Duration;

/**
 * How a pool was closed.
 *
 * @param key the pool
 * @param aborted connections that were still in use at the deadline and were cut off; 0 when the pool drained
 * @param took from the first refusal of a borrower until the last connection was closed
 */
public record DrainReport(PoolKey<?> key, int aborted, Duration took) {

    /** Tells whether nothing had to be cut off. */
    public boolean drained() {
        return aborted == 0;
    }
}
