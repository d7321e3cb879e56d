package io.memfuse.core.registry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to leave a failed database alone: doubles with each failure in a row up to a bound, and varies by a fifth so
 * that many pools of one server do not come back in the same moment. Thread-safe if the generator is.
 *
 * @param first after the first failure
 * @param longest never more than this, before the variation
 * @param random where the variation comes from
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {

    private static final double VARIATION = 0.2;

    /** Returns the pause after {@code failures} failures in a row, 1 or more. */
    Duration after(int failures) {
        double doubled = (double) TimeUnit.NANOSECONDS.convert(first) * Math.pow(2, Math.min(failures - 1, 60));
        double bounded = Math.min(doubled, (double) TimeUnit.NANOSECONDS.convert(longest));
        return Duration.ofNanos((long) (bounded * (1 - VARIATION + 2 * VARIATION * random.nextDouble())));
    }
}
