package io.memfuse.core.registry;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.lock.LockTimeoutException;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
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
        return under("read", lock::readBlocking, decision);
    }

    /** Decides something that nobody must see half done. */
    <T> T writing(Supplier<T> decision) {
        return under("write", lock::writeBlocking, decision);
    }

    LockMetrics metrics() {
        return lock.metrics();
    }

    private static <T> T under(String mode, Acquisition acquisition, Supplier<T> decision) {
        var wait = new LockWait();
        wait.begin();
        LockHold hold = await(acquisition);
        wait.end();
        try {
            return decision.get();
        } finally {
            hold.close();
            if (wait.shouldCommit()) {
                wait.mode = mode;
                wait.commit();
            }
        }
    }

    private static LockHold await(Acquisition acquisition) {
        Deadline deadline = Deadline.after(TIMEOUT, Ticker.system());
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return acquisition.within(deadline.remaining());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (LockTimeoutException e) {
            throw new IllegalStateException("[MemFuse/RegistryLockStuck] " + e.getMessage() + "; this is a defect", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One way to take the lock. */
    private interface Acquisition {

        LockHold within(Duration timeout) throws InterruptedException;
    }
}
