package io.memfuse.core.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * Whether pools remember who holds their connections, so that an error can name them and a leak is found. Off unless set, and then it
 * costs nothing; else each loan that is tracked costs a stack trace. Immutable and thread-safe.
 *
 * @param oneIn of how many loans one, picked at random, is tracked: 1 for all, 0 for none
 * @param leakThreshold a connection that is held for longer is reported, once; zero for never. Reported at half as much again, at
 *     the latest
 */
public record HolderTracking(int oneIn, Duration leakThreshold) {

    /** Nothing is tracked. */
    public static final HolderTracking OFF = new HolderTracking(0, Duration.ZERO);

    /** @throws IllegalArgumentException if a value is out of its range; the message names it and the range */
    public HolderTracking {
        if (oneIn < 0 || Integer.bitCount(oneIn) > 1) {
            throw new IllegalArgumentException("oneIn is " + oneIn + "; accepted: 0 (none) or a power of two");
        }
        if (Objects.requireNonNull(leakThreshold, "leakThreshold").isNegative()) {
            throw new IllegalArgumentException("leakThreshold is " + leakThreshold + "; accepted: 0 (never) or more");
        }
        if (oneIn == 0 && !leakThreshold.isZero()) {
            throw new IllegalArgumentException("leakThreshold is " + leakThreshold + ", but nothing is tracked");
        }
    }

    /** Every loan is tracked. */
    public static HolderTracking all() {
        return new HolderTracking(1, Duration.ZERO);
    }

    /** One of so many loans is tracked; a power of two. */
    public static HolderTracking sampled(int oneIn) {
        return new HolderTracking(oneIn, Duration.ZERO);
    }

    /** Returns the same tracking, with connections reported that are held for longer than this. */
    public HolderTracking withLeakThreshold(Duration newLeakThreshold) {
        return new HolderTracking(oneIn, newLeakThreshold);
    }

    /** Tells whether anything is tracked. */
    public boolean isOn() {
        return oneIn > 0;
    }
}
