package io.memfuse.core.lock;

import java.time.Duration;

/**
 * What a lock went through since it was made, read while it is used: each number is right by itself, together they may be
 * a few acquisitions apart.
 *
 * @param reads times it was acquired to read
 * @param writes times it was acquired to write
 * @param contended acquisitions, of both kinds, that had to wait
 * @param timeouts waits that ended because the caller's time was up
 * @param cancellations waits that ended because the caller cancelled
 * @param readersNow holds to read at this moment
 * @param writingNow whether it is held to write at this moment
 * @param waitingNow waiters of both kinds at this moment
 * @param waits how long the contended acquisitions waited
 * @param writeHolds how long it was held to write
 */
public record LockMetrics(
        long reads,
        long writes,
        long contended,
        long timeouts,
        long cancellations,
        int readersNow,
        boolean writingNow,
        int waitingNow,
        Times waits,
        Times writeHolds) {

    /**
     * A distribution of times. A quantile is the upper bound of the bucket it falls into; buckets double in width, so that
     * it is at most twice the true value.
     *
     * @param count number of times
     * @param total their sum
     * @param p50 the median, rounded up to its bucket
     * @param p99 the 99th percentile, rounded up to its bucket
     * @param max the longest, rounded up to its bucket
     */
    public record Times(long count, Duration total, Duration p50, Duration p99, Duration max) {}
}
