package io.memfuse.core.registry;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The read-write lock of a registry, for decisions of a few instructions: no foreign code runs under it. An interrupt waits
 * until the decision is made. Thread-safe.
 */
final class RegistryLock {

    /** Longer than any critical section by orders of magnitude: to run into it means a defect, not load. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AsyncReadWriteLock lock;

    RegistryLock(Ticker ticker) {
        this.lock = new AsyncReadWriteLock("registry", ticker);
    }

    /** Decides something that concerns one slot, or looks at many. */
    <T> T reading(Supplier<T> decision) {
        return under(lock.read(), decision);
    }

    /** Decides something that nobody must see half done. */
    <T> T writing(Supplier<T> decision) {
        return under(lock.write(), decision);
    }

    LockMetrics metrics() {
        return lock.metrics();
    }

    private static <T> T under(CompletionStage<LockHold> granted, Supplier<T> decision) {
        LockHold hold = await(granted.toCompletableFuture());
        try {
            return decision.get();
        } finally {
            hold.close();
        }
    }

    private static LockHold await(CompletableFuture<LockHold> granted) {
        Deadline deadline = Deadline.after(TIMEOUT, Ticker.system());
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return granted.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            if (!granted.cancel(false) && !granted.isCompletedExceptionally()) {
                return granted.join(); // Granted in the same moment.
            }
            throw new IllegalStateException(
                    "[MemFuse/RegistryLockStuck] the registry's lock was not granted within " + TIMEOUT.toSeconds()
                            + " s; this is a defect",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
