package io.memfuse.core.lock;

import io.memfuse.core.lock.LockHold.Mode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One place in a lock's queue, and the future of whoever waits there. Before the future ends without a grant (cancelled,
 * timed out, completed with a failure), the waiter leaves the queue.
 */
class Waiter extends CompletableFuture<LockHold> {

    private final AsyncReadWriteLock lock;

    /** What is waited for. */
    final Hold hold;

    /** Whether a thread is parked on this: its wake-up runs no foreign code. */
    final boolean parks;

    final long sinceNanos;

    /** How many waited when this one came. */
    int ahead;

    // The links of WaiterQueue; guarded by the lock's mutex. Out of the queue, `next` chains those that are granted
    // together.
    @Nullable Waiter previous;

    @Nullable Waiter next;

    boolean queued;

    Waiter(AsyncReadWriteLock lock, Hold hold, boolean parks, long sinceNanos) {
        this.lock = lock;
        this.hold = hold;
        this.parks = parks;
        this.sinceNanos = sinceNanos;
    }

    Mode mode() {
        return hold.mode();
    }

    /**
     * Tells whoever waits that the lock is theirs. Called by the lock, when the waiter has left the queue for it; called again,
     * it runs what an Error kept from being run.
     */
    void grant() {
        super.complete(hold);
    }

    // INVARIANT: who takes the waiter out of the queue, under the lock's mutex, decides how it ends: the lock, which
    // completes it with its hold, or who gives up. A waiter that gave up never owns the lock, and no grant is lost.
    // Parked threads that it kept out are told as it leaves, before its own dependents run, and the stages after them.

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!lock.abandon(this, false)) {
            return isCancelled();
        }
        try {
            return super.cancel(mayInterruptIfRunning);
        } finally {
            lock.deliverBehind(this);
        }
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        if (!lock.abandon(this, failure instanceof TimeoutException)) {
            return false;
        }
        try {
            return super.completeExceptionally(failure);
        } finally {
            lock.deliverBehind(this);
        }
    }

    // All other ways to end a future from outside would end the waiting without leaving the queue, or the hold with it.

    @Override
    public boolean complete(LockHold value) {
        throw grantedByTheLockAlone();
    }

    @Override
    public CompletableFuture<LockHold> completeAsync(Supplier<? extends LockHold> supplier, Executor executor) {
        throw grantedByTheLockAlone();
    }

    @Override
    public CompletableFuture<LockHold> completeOnTimeout(LockHold value, long timeout, TimeUnit unit) {
        throw grantedByTheLockAlone();
    }

    @Override
    public void obtrudeValue(LockHold value) {
        throw grantedByTheLockAlone();
    }

    @Override
    public void obtrudeException(Throwable failure) {
        throw grantedByTheLockAlone();
    }

    private static UnsupportedOperationException grantedByTheLockAlone() {
        return new UnsupportedOperationException("only the lock itself grants a hold; cancel, or let it time out");
    }

    /** Dependent stages are ordinary futures: to cancel one of them does not cancel the waiting. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
