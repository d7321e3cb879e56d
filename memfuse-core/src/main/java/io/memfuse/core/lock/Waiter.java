package io.memfuse.core.lock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One place in a lock's queue, and the future of whoever waits there. Before the future ends without a grant (cancelled,
 * timed out, completed with a failure), the waiter leaves the queue.
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

    /** Hands the lock over. If the future was ended by force ({@code obtrudeValue}), the hold is given back. */
    void grant(LockHold hold) {
        if (!super.complete(hold)) {
            Deliveries.deliver(hold::close);
        }
    }

    // INVARIANT: who takes the waiter out of the queue decides how it ends, under the lock's mutex: the lock, which
    // then
    // completes it with a hold, or who gives up, who then completes it so. A waiter that gave up never owns the lock.

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return lock.abandon(this, false) ? super.cancel(mayInterruptIfRunning) : isCancelled();
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return lock.abandon(this, failure instanceof TimeoutException) && super.completeExceptionally(failure);
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
