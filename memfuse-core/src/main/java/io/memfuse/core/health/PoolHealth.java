package io.memfuse.core.health;

import io.memfuse.core.pool.PoolKey;
import java.time.Duration;

/**
 * How well one pool can serve.
 *
 * @param key the pool
 * @param status how well
 * @param reason why, in a sentence for the operator, without a secret
 * @param forLong since how long the status is the same, as far as it was looked at
 */
public record PoolHealth(PoolKey<?> key, HealthStatus status, String reason, Duration forLong) {}
