package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The warm-ups that are under way, so that they end with the registry: threads that end drop the work that they have not
 * begun, and the deadlines with it. Thread-safe.
 */
final class WarmUps {

    /** What ends each that is under way. */
    private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    void add(PoolKey<?> key, CompletableFuture<PoolStats> warm) {
        Runnable ending = () -> warm.completeExceptionally(PoolClosedException.registryClosed(key));
        underWay.add(ending);
        warm.whenComplete((stats, failure) -> underWay.remove(ending));
        if (ended) { // Looked at after it was added, and set before all are ended: one of the two ends it.
            end();
        }
    }

    /** Nothing is warmed any more. */
    void end() {
        ended = true;
        underWay.forEach(Runnable::run);
    }
}
