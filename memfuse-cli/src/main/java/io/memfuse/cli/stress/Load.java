package io.memfuse.cli.stress;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a task many times, so many at once, each at a thread of its own: a virtual one where the JDK has them. */
public final class Load {

    private Load() {}

    /** A task that is run for each number from 0 on; does not throw. */
    @FunctionalInterface
    public interface Task {
        void run(int number) throws InterruptedException;
    }

    /**
     * Runs the task {@code times} times, {@code concurrency} at once, and returns how long it took from the common start to
     * the end of the last.
     *
     * @throws InterruptedException if this thread is interrupted; the tasks are too
     */
    public static Duration run(int times, int concurrency, Task task) throws InterruptedException {
        int workers = Math.min(times, concurrency);
        var next = new AtomicInteger();
        var ready = new CountDownLatch(workers);
        var start = new CountDownLatch(1);
        ExecutorService threads = threads(workers);
        try {
            for (int worker = 0; worker < workers; worker++) {
                threads.execute(() -> {
                    try {
                        ready.countDown();
                        start.await();
                        for (int number = next.getAndIncrement(); number < times; number = next.getAndIncrement()) {
                            task.run(number);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            ready.await();
            long startNanos = System.nanoTime();
            start.countDown();
            threads.shutdown();
            threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            return Duration.ofNanos(System.nanoTime() - startNanos);
        } finally {
            threads.shutdownNow();
        }
    }

    // By reflection: the language level is 17, the JDK at run time may be newer.

    private static ExecutorService threads(int workers) {
        if (Runtime.version().feature() < 21) {
            return Executors.newFixedThreadPool(workers);
        }
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("JDK " + Runtime.version() + " has no virtual threads", e);
        }
    }
}
