package io.memfuse.core.startup;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs asynchronous work, so many at a time, in the order given. Holds no thread. Thread-safe. */
final class Lane {

    private final ReentrantLock mutex = new ReentrantLock();

    /** Guarded by {@code mutex}. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /** Guarded by {@code mutex}. */
    private int free;

    Lane(int width) {
        this.free = width;
    }

    /** Begins {@code work} when there is room; returns what completes as it does. */
    <T> CompletableFuture<T> add(Supplier<CompletionStage<T>> work) {
        var result = new CompletableFuture<T>();
        mutex.lock();
        try {
            waiting.add(() -> begin(work, result));
        } finally {
            mutex.unlock();
        }
        beginWaiting();
        return result;
    }

    private void beginWaiting() {
        for (Runnable begin = poll(); begin != null; begin = poll()) {
            begin.run();
        }
    }

    private @Nullable Runnable poll() {
        mutex.lock();
        try {
            if (free == 0 || waiting.isEmpty()) {
                return null;
            }
            free--;
            return waiting.remove();
        } finally {
            mutex.unlock();
        }
    }

    private <T> void begin(Supplier<CompletionStage<T>> work, CompletableFuture<T> result) {
        CompletionStage<T> stage;
        try {
            stage = work.get();
        } catch (Throwable e) {
            stage = CompletableFuture.failedFuture(e);
        }
        // Whoever comes second goes on: work that is complete at once is followed by this thread's own loop, not by a
        // deeper
        // call for each.
        var returnedOrComplete = new AtomicBoolean();
        stage.whenComplete((value, failure) -> {
            free();
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
            if (returnedOrComplete.getAndSet(true)) {
                beginWaiting();
            }
        });
        returnedOrComplete.set(true);
    }

    private void free() {
        mutex.lock();
        try {
            free++;
        } finally {
            mutex.unlock();
        }
    }
}
