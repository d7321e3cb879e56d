package io.memfuse.core.pool;

import io.memfuse.core.time.Ticker;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the engine hands to a provider with each opening. All of it is shared by all pools: a pool starts no scheduler and
 * no long-lived thread of its own. Immutable and thread-safe.
 *
 * @param key the pool that is opened
 * @param listener to be told of connections acquired, released and timed out; openings and closings are reported by the
 *     engine itself
 * @param scheduler starts work at its time; the work must not block, and goes to {@code executor} if it might
 * @param executor runs work that may block on the database
 * @param ticker the time
 */
public record PoolContext(
        PoolKey<?> key, PoolListener listener, ScheduledExecutorService scheduler, Executor executor, Ticker ticker) {

    public PoolContext {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(ticker, "ticker");
    }
}
