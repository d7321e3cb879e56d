package io.memfuse.services.buffer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to pause after so many failures in a row: doubling, bounded, and spread so that not all return at once. */
final class Backoff {

    private static final int MAX_DOUBLINGS = 30;

    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minNanos = min.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
    }

    /** Returns the pause after {@code failures} in a row, from half of the bound to all of it. */
    long pauseNanos(int failures) {
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        long bound = minNanos > maxNanos >> doublings ? maxNanos : minNanos << doublings;
        return bound / 2 + random.nextLong(bound / 2 + 1);
    }
}
