package io.memfuse.core.thread;

import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for futures and does nothing else meanwhile, for the engine and its adapters. {@link CompletableFuture#get()} and its
 * like, on a thread of a {@link ForkJoinPool}, run other work of that thread's queue while they wait, which takes as long as it
 * takes, beyond every timeout, and may itself need what this thread has been given meanwhile. Here such a thread parks, and its
 * pool may put another one in its place.
 */
public final class Waiting {

    private static final Duration NO_END = Duration.ofNanos(Long.MAX_VALUE);

    private Waiting() {}

    /**
     * Returns what the future completes with, as {@link CompletableFuture#get(long, TimeUnit)} does.
     *
     * @throws TimeoutException if it was not complete within {@code timeout}
     * @throws ExecutionException if it failed
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static <T extends @Nullable Object> T get(CompletableFuture<T> future, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (needsNoCare(future)) {
            return future.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        }
        block(new Completion(future, timeout));
        if (!future.isDone()) {
            throw new TimeoutException();
        }
        return future.get();
    }

    /** Returns what the future completes with, as {@link CompletableFuture#join} does: for one that is about to be complete. */
    public static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
        boolean interrupted = false;
        while (!needsNoCare(future)) {
            try {
                new Completion(future, NO_END).block(); // Too short for another thread, which might not be had.
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return future.join();
    }

    private static void block(Completion completion) throws InterruptedException {
        try {
            ForkJoinPool.managedBlock(completion);
        } catch (RejectedExecutionException e) { // So many wait that the pool may put no other in this one's place.
            boolean over = completion.isReleasable();
            while (!over) {
                over = completion.block();
            }
        }
    }

    private static boolean needsNoCare(CompletableFuture<?> future) {
        return !(Thread.currentThread() instanceof ForkJoinWorkerThread) || future.isDone();
    }

    /** Until a future is complete or the time is up. */
    private static final class Completion implements ForkJoinPool.ManagedBlocker {

        private final CountDownLatch complete = new CountDownLatch(1);
        private final Deadline deadline;

        Completion(CompletableFuture<?> future, Duration timeout) {
            this.deadline = Deadline.after(timeout, Ticker.system());
            future.whenComplete((value, failure) -> complete.countDown());
        }

        @Override
        public boolean block() throws InterruptedException {
            return complete.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS) || deadline.hasPassed();
        }

        @Override
        public boolean isReleasable() {
            return complete.getCount() == 0 || deadline.hasPassed();
        }
    }
}
