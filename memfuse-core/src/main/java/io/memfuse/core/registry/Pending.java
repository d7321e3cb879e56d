package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What callers wait for that no drain and no opening ends: that a pool is filled, answers a probe, takes other sizes. It ends
 * with the registry: threads that end drop the work that they have not begun, and the deadlines with it. Thread-safe.
 */
final class Pending {

    /** What ends each that is under way. */
    private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    void add(PoolKey<?> key, CompletableFuture<?> answer) {
        Runnable ending = () -> answer.completeExceptionally(PoolClosedException.registryClosed(key));
        underWay.add(ending);
        answer.whenComplete((value, failure) -> underWay.remove(ending));
        if (ended) { // Looked at after it was added, and set before all are ended: one of the two ends it.
            end();
        }
    }

    /** Nothing is answered any more. */
    void end() {
        ended = true;
        underWay.forEach(Runnable::run);
    }
}
