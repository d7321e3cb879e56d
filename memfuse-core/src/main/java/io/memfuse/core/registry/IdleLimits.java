package io.memfuse.core.registry;

import java.time.Duration;

/**
 * How long, and how many, pools stay open that nobody uses.
 *
 * @param idleTimeout zero for ever
 * @param maxOpen 0 for any number
 */
record IdleLimits(Duration idleTimeout, int maxOpen) {

    /** How exactly it is known which pool was used last, where only their number is bounded. */
    private static final Duration LRU_PRECISION = Duration.ofSeconds(10);

    /** Sweeps within the idle timeout: a use and the timeout's end are noticed one sweep late each. */
    private static final int SWEEPS = 8;

    boolean areSet() {
        return boundsTime() || boundsNumber();
    }

    boolean boundsTime() {
        return !idleTimeout.isZero();
    }

    boolean boundsNumber() {
        return maxOpen > 0;
    }

    /** Returns the time from one sweep to the next. */
    Duration period() {
        Duration forTime = idleTimeout.dividedBy(SWEEPS);
        return boundsTime() && (!boundsNumber() || forTime.compareTo(LRU_PRECISION) < 0) ? forTime : LRU_PRECISION;
    }
}
