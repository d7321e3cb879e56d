package io.memfuse.core.thread;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all pools and services share; their number does not grow with the number of pools. Thread-safe.
 *
 * <p>INVARIANT: work on one executor waits only for work on those before it, never for its own kind: to make a service may
 * mean to wait until its predecessor is closed, to close one may mean to wait for what it writes in the background, and all
 * of them may wait for a pool to open. So no executor can be filled by work that waits for a place on it.
 * Work that waits for what never answers keeps no other from a thread, up to 1,024 such of one kind before JDK 21; the next
 * then waits until the first of them meets its deadline: {@link CompensatingPool}.
 *
 * @param scheduler one thread that starts work at its time; it never blocks and never runs the user's code
 * @param callbacks tells callers that there is nothing more to wait for: it is done, or their time is up; nothing else runs
 *     here, so that a deadline never queues behind the work that it bounds
 * @param openers opens and warms pools; its work may block on a database
 * @param workers the background work of services; may block on a database and on {@code openers}
 * @param closers drains and closes pools and services; may block on those before it
 * @param loaders makes services; may block on those before it
 */
public record EngineThreads(
        ScheduledExecutorService scheduler,
        ExecutorService callbacks,
        ExecutorService openers,
        ExecutorService workers,
        ExecutorService closers,
        ExecutorService loaders)
        implements AutoCloseable {

    public EngineThreads {
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(callbacks, "callbacks");
        Objects.requireNonNull(openers, "openers");
        Objects.requireNonNull(workers, "workers");
        Objects.requireNonNull(closers, "closers");
        Objects.requireNonNull(loaders, "loaders");
    }

    /** Makes the threads: virtual ones where the JDK has them (21 or newer), else platform threads that end when idle. */
    public static EngineThreads create() {
        ScheduledExecutorService scheduler = newScheduler();
        return new EngineThreads(
                scheduler,
                BlockingExecutors.create("memfuse-callback", scheduler),
                BlockingExecutors.create("memfuse-opener", scheduler),
                BlockingExecutors.create("memfuse-worker", scheduler),
                BlockingExecutors.create("memfuse-closer", scheduler),
                BlockingExecutors.create("memfuse-loader", scheduler));
    }

    private static ScheduledExecutorService newScheduler() {
        var scheduler = new ScheduledThreadPoolExecutor(1, BlockingExecutors.platformThreads("memfuse-scheduler"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    /**
     * Ends all of them at once: work under way is interrupted, work that waits is dropped, but for that of {@code callbacks},
     * which is done on threads that end with it. Does nothing the second time.
     */
    @Override
    public void close() {
        scheduler.shutdownNow();
        loaders.shutdownNow();
        closers.shutdownNow();
        workers.shutdownNow();
        openers.shutdownNow();
        tellAllTheSame(callbacks.shutdownNow());
    }

    /** There may be more callers to be told than threads to tell them on: with nobody to tell them they would wait for ever. */
    private void tellAllTheSame(List<Runnable> untold) {
        if (!untold.isEmpty()) {
            ExecutorService last = BlockingExecutors.create("memfuse-callback", scheduler);
            untold.forEach(last::execute);
            last.shutdown();
        }
    }

    /**
     * Waits until every thread has ended.
     *
     * @return false if some still ran after {@code timeout}
     */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        return scheduler.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && loaders.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && closers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && workers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && callbacks.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && openers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
