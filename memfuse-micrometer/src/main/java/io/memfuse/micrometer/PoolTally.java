package io.memfuse.micrometer;

/**
 * Adds up what happens to one pool, and estimates from the times that were taken how long all took: what came since the
 * last look is taken to have lasted as long, each, as what was timed of it. Never becomes less. Not thread-safe.
 */
final class PoolTally {

    private Counts sum = Counts.NONE;
    private long waitsToEstimate;
    private long usesToEstimate;

    /** Adds what happened, and returns it with the estimates. */
    Counts add(Counts more) {
        waitsToEstimate += more.get(Count.ACQUIRED);
        usesToEstimate += more.get(Count.ACQUIRED);
        Counts estimated = more;
        long timedWaits = more.get(Count.TIMED_WAITS);
        if (timedWaits > 0) {
            estimated = estimated.with(
                    Count.WAIT_TIME, scaled(more.get(Count.TIMED_WAIT_TIME), timedWaits, waitsToEstimate));
            waitsToEstimate = 0;
        }
        long timedUses = more.get(Count.TIMED_USES);
        if (timedUses > 0) {
            estimated =
                    estimated.with(Count.USE_TIME, scaled(more.get(Count.TIMED_USE_TIME), timedUses, usesToEstimate));
            usesToEstimate = 0;
        }
        sum = sum.plus(estimated);
        return estimated;
    }

    private static long scaled(long nanos, long timed, long all) {
        return Math.round((double) nanos / timed * all);
    }

    Counts sum() {
        return sum;
    }
}
