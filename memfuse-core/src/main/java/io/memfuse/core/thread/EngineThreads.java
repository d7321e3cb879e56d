package io.memfuse.core.thread;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all pools and services share; their number does not grow with the number of pools. Thread-safe.
 *
 * <p>Openings and loads have an executor each because a load may wait for an opening (a service is made on its
 * database), never the reverse: so neither can fill the threads that it waits for itself.
 *
 * @param scheduler one thread that starts work at its time; it never blocks and never runs the user's code
 * @param openers opens, warms, drains and closes pools; its work may block on a database
 * @param loaders makes and closes services; its work may block on a database and on {@code openers}
 */
public record EngineThreads(ScheduledExecutorService scheduler, ExecutorService openers, ExecutorService loaders)
        implements AutoCloseable {

    /** Platform threads that may open pools, or load services, at the same time; virtual threads have no bound. */
    private static final int MAX_PLATFORM_THREADS = 64;

    public EngineThreads {
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(openers, "openers");
        Objects.requireNonNull(loaders, "loaders");
    }

    /** Makes the threads: virtual ones where the JDK has them (21 or newer), else platform threads that end when idle. */
    public static EngineThreads create() {
        return new EngineThreads(
                newScheduler(),
                BlockingExecutors.create("memfuse-opener", MAX_PLATFORM_THREADS),
                BlockingExecutors.create("memfuse-loader", MAX_PLATFORM_THREADS));
    }

    private static ScheduledExecutorService newScheduler() {
        var scheduler = new ScheduledThreadPoolExecutor(1, BlockingExecutors.platformThreads("memfuse-scheduler"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    /** Ends all three at once: work under way is interrupted, work that waits is dropped. Does nothing the second time. */
    @Override
    public void close() {
        scheduler.shutdownNow();
        loaders.shutdownNow();
        openers.shutdownNow();
    }

    /**
     * Waits until every thread has ended.
     *
     * @return false if some still ran after {@code timeout}
     */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        return scheduler.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && loaders.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                && openers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
