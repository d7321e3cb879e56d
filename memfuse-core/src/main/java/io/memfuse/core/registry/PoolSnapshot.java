package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pool at one moment.
 *
 * @param key the pool
 * @param state where it is in its life
 * @param stats its connections; none unless it is open or draining
 * @param leases leases that keep it from being closed
 * @param failure why the last attempt to open it failed, if it is {@link PoolState#FAILED}; else null
 * @param nextAttemptIn for how long it is not tried again, if it is {@link PoolState#FAILED}; else zero, and zero too if the
 *     next caller tries it
 */
public record PoolSnapshot(
        PoolKey<?> key,
        PoolState state,
        PoolStats stats,
        int leases,
        @Nullable PoolException failure,
        Duration nextAttemptIn) {

    /** Returns why the last attempt to open it failed, in a sentence for the user. */
    public Optional<String> error() {
        return Optional.ofNullable(failure).map(PoolException::getMessage);
    }
}
