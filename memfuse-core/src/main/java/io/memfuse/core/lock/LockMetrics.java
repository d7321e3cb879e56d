package io.memfuse.core.lock;

import io.memfuse.core.time.Times;

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
        Times writeHolds) {}
