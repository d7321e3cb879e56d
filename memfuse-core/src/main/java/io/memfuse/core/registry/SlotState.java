package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolOpenException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The state of a slot: what a look-up finds. Each is immutable but for the futures it carries. */
sealed interface SlotState<R> {

    /** Nothing open, nothing tried, or evicted. */
    record Registered<R>() implements SlotState<R> {}

    /**
     * One attempt is under way; all callers join it.
     *
     * <p>{@code opener} is the thread that opens, from the moment it starts: a call for the pool on that thread is a call
     * from inside the opening.
     */
    final class Opening<R> implements SlotState<R> {
        final CompletableFuture<OpenPool<R>> opened = new CompletableFuture<>();
        final int attempt;
        final long sinceNanos;
        volatile @Nullable Thread opener;

        /** Set by whoever decides whether the attempt is made: the executor's thread, or who closes the registry first. */
        final AtomicBoolean begun = new AtomicBoolean();

        volatile @Nullable Future<?> task;

        Opening(int attempt, long sinceNanos) {
            this.attempt = attempt;
            this.sinceNanos = sinceNanos;
        }

        void interrupt() {
            Future<?> underWay = task;
            if (underWay != null) {
                underWay.cancel(true);
            }
        }
    }

    /** Serves. */
    record Open<R>(OpenPool<R> pool) implements SlotState<R> {}

    /**
     * The last attempt failed; whoever asks before {@code retryAtNanos} is told so at once.
     *
     * @param failures failures in a row, this one included
     */
    record Failed<R>(PoolOpenException failure, int failures, long retryAtNanos) implements SlotState<R> {}

    /** The registry is closed. */
    record Closed<R>() implements SlotState<R> {}
}
