package io.memfuse.jcstress.lock;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockHold.Mode;
import io.memfuse.core.lock.LockTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** What the scenarios do with a lock, over and over. */
final class Locks {

    /** Far longer than any wait of a scenario: only who is forgotten waits so long. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(20);

    private static final ExecutorService ELSEWHERE = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "elsewhere");
        thread.setDaemon(true);
        return thread;
    });

    private Locks() {}

    static AsyncReadWriteLock create() {
        return new AsyncReadWriteLock("stress");
    }

    static LockHold mustRead(AsyncReadWriteLock lock) {
        return Objects.requireNonNull(lock.tryRead(), "not free to read");
    }

    static LockHold mustWrite(AsyncReadWriteLock lock) {
        return Objects.requireNonNull(lock.tryWrite(), "not free to write");
    }

    /** A hold to read that a thread of its own acquired: readers of one thread may share what readers of two do not. */
    static LockHold mustReadElsewhere(AsyncReadWriteLock lock) {
        try {
            return ELSEWHERE.submit(() -> mustRead(lock)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    static CompletableFuture<LockHold> read(AsyncReadWriteLock lock) {
        return lock.read().toCompletableFuture();
    }

    static CompletableFuture<LockHold> write(AsyncReadWriteLock lock) {
        return lock.write().toCompletableFuture();
    }

    /** Waits for the lock, runs the section and leaves; says "forgotten" if it was never let in. */
    static String section(AsyncReadWriteLock lock, Mode mode, Supplier<String> section) {
        LockHold hold;
        try {
            hold = mode == Mode.WRITE ? lock.writeBlocking(FORGOTTEN) : lock.readBlocking(FORGOTTEN);
        } catch (LockTimeoutException | InterruptedException e) {
            return "forgotten";
        }
        try {
            return section.get();
        } finally {
            hold.close();
        }
    }

    /** Closes what was granted; says "lost" of a waiter that was neither granted the lock nor gave up. */
    static String settle(CompletableFuture<LockHold> waiter) {
        if (!waiter.isDone()) {
            return "lost";
        }
        if (waiter.isCompletedExceptionally()) {
            return "gave up";
        }
        waiter.join().close();
        return "granted";
    }

    /** Whether anybody could have the lock now: nothing of what was before is left. */
    static String afterwards(AsyncReadWriteLock lock) {
        LockHold hold = lock.tryWrite();
        if (hold == null) {
            return "stuck";
        }
        hold.close();
        return lock.metrics().waitingNow() == 0 ? "free" : "haunted";
    }
}
