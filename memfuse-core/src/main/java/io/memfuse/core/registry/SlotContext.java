package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.time.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What the slots of one registry share.
 *
 * @param engine threads, time and listener
 * @param drains what has left a slot and is not over yet
 * @param numbers asks pools for theirs
 * @param pending what callers wait for
 * @param opened is run after each opening; does not block
 */
record SlotContext(RegistryEngine engine, PoolDrains drains, PoolNumbers numbers, Pending pending, Runnable opened) {

    /** Returns what a caller waits for: it fails at the deadline, and when the registry ends. */
    <T> CompletableFuture<T> answer(PoolKey<?> key, Deadline deadline, Supplier<? extends Throwable> late) {
        var answer = new CompletableFuture<T>();
        pending.add(key, answer);
        engine.scheduleTimeout(answer, deadline, late);
        return answer;
    }
}
