package io.memfuse.core.lock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One place in a lock's queue, and the future of whoever waits there. However the future ends before the lock is granted
 * (cancelled, timed out, completed by hand), the waiter leaves the queue at once.
 */
final class Waiter extends CompletableFuture<LockHold> {

    private final AsyncReadWriteLock lock;
    final LockHold.Mode mode;

    /** Whether a thread is parked on this: its wake-up runs no foreign code. */
    final boolean parks;

    final long sinceNanos;

    // The links of WaiterQueue; guarded by the lock's mutex.
    @Nullable Waiter previous;

    @Nullable Waiter next;

    boolean queued;

    Waiter(AsyncReadWriteLock lock, LockHold.Mode mode, boolean parks, long sinceNanos) {
        this.lock = lock;
        this.mode = mode;
        this.parks = parks;
        this.sinceNanos = sinceNanos;
    }

    /** Hands the lock over. If the waiter gave up in the same moment, the hold is given back: a grant is never lost. */
    void grant(LockHold hold) {
        if (!super.complete(hold)) {
            Deliveries.deliver(hold::close);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            lock.abandon(this, false);
        }
        return cancelled;
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        boolean completed = super.completeExceptionally(failure);
        if (completed) {
            lock.abandon(this, failure instanceof TimeoutException);
        }
        return completed;
    }

    @Override
    public boolean complete(LockHold value) {
        throw new UnsupportedOperationException("only the lock itself grants a hold");
    }

    /** Dependent stages are ordinary futures: to cancel one of them does not cancel the waiting. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
