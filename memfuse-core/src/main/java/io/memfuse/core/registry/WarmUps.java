package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The warm-ups that are under way, so that they end with the registry: threads that end drop the work that they have not
 * begun, and the deadlines with it. Thread-safe.
 */
final class WarmUps {

    private final Map<CompletableFuture<PoolStats>, PoolKey<?>> underWay = new ConcurrentHashMap<>();
    private volatile boolean ended;

    void add(PoolKey<?> key, CompletableFuture<PoolStats> warm) {
        underWay.put(warm, key);
        warm.whenComplete((stats, failure) -> underWay.remove(warm));
        if (ended) { // Looked at after it was added, and set before all are ended: one of the two ends it.
            end();
        }
    }

    /** Nothing is warmed any more. */
    void end() {
        ended = true;
        underWay.forEach((warm, key) -> warm.completeExceptionally(PoolClosedException.registryClosed(key)));
    }
}
