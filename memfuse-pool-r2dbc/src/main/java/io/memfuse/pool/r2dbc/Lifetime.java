package io.memfuse.pool.r2dbc;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long connections live: each up to a tenth less than they may, at random, so that those that were made together do not
 * end together.
 */
final class Lifetime {

    private static final double JITTER = 0.1;

    private final long maxNanos;
    private final DoubleSupplier random;

    /**
     * @param max zero for no limit
     * @param random from 0 to 1
     */
    Lifetime(Duration max, DoubleSupplier random) {
        this.maxNanos = max.toNanos();
        this.random = random;
    }

    boolean isLimited() {
        return maxNanos > 0;
    }

    /** Returns when one is to be replaced that is made now; of no meaning if there is no limit. */
    long endNanos(long nowNanos) {
        return nowNanos + maxNanos - (long) (maxNanos * JITTER * random.getAsDouble());
    }
}
