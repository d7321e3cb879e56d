package io.memfuse.config;

import java.time.Duration;
import java.util.Objects;

/**
 * How long, and how many, pools stay open that nobody uses. Immutable and thread-safe.
 *
 * @param poolIdleTimeout {@code pool_idle_timeout}: how long nobody may use a pool until it is closed; zero for ever
 * @param maxOpenPools {@code max_open_pools}: how many may be open before those least recently used are closed; 0 for any
 *     number
 */
public record OpenPoolLimits(Duration poolIdleTimeout, int maxOpenPools) {

    /** What holds unless the file says otherwise: pools stay open. */
    public static final OpenPoolLimits NONE = new OpenPoolLimits(Duration.ZERO, 0);

    /** @throws IllegalArgumentException if one of them is negative */
    public OpenPoolLimits {
        if (Objects.requireNonNull(poolIdleTimeout, "poolIdleTimeout").isNegative()) {
            throw new IllegalArgumentException("poolIdleTimeout is " + poolIdleTimeout + "; accepted: zero or more");
        }
        if (maxOpenPools < 0) {
            throw new IllegalArgumentException("maxOpenPools is " + maxOpenPools + "; accepted: 0 or more");
        }
    }
}
