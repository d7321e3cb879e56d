package io.memfuse.core.pool;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way from a durable resource to the pool that is behind it at the moment. Given by the registry to
 * {@link PoolProvider#durable}; valid as long as the registry. Thread-safe.
 *
 * @param <R> what callers use of the pool
 */
public interface PoolRoute<R> {

    /** Returns the key of the pool. */
    PoolKey<R> key();

    /**
     * Returns the resource of the open pool: one volatile read if there is one. Otherwise opens it, or joins the opening
     * that is under way, and waits for {@link PoolLimits#timeout()} at most.
     *
     * <p>The pool may start to drain between this call and the use of its resource, which then refuses. The caller asks
     * again and is given the next pool.
     *
     * @throws PoolException if there is no pool: the opening failed, is backing off, took too long, or the registry is
     *     closed
     */
    R current();

    /**
     * Returns the resource of the open pool, or null if there is none: one volatile read, and nothing allocated. Opens
     * nothing and never blocks; who gets null asks {@link #whenOpen()}. A route that cannot tell returns null.
     */
    default @Nullable R ifOpen() {
        return null;
    }

    /** As {@link #current()} for callers that must not block; the stage fails with the same exceptions. */
    CompletionStage<R> whenOpen();
}
