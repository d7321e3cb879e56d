package io.memfuse.core.health;

/** How well a pool, or all of them, can serve; the later, the worse. */
public enum HealthStatus {
    /** Serves, or would: nothing is known against it. */
    UP,
    /** Serves, but not everyone, or not for long. */
    DEGRADED,
    /** Serves nobody. */
    DOWN
}
