package io.memfuse.bench.rounds;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many tasks that start in one moment, each on a thread of its own: a virtual one where the JDK has them. Thread-safe. */
final class Burst implements AutoCloseable {

    private final ExecutorService threads = threads();

    /** One of the tasks. */
    @FunctionalInterface
    interface Task {
        void run(int number) throws Exception;
    }

    /** Runs {@code count} tasks once all their threads are there; returns the nanoseconds until the last has ended. */
    long run(int count, Task task) throws InterruptedException, ExecutionException {
        var ready = new CountDownLatch(count);
        var start = new CountDownLatch(1);
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(threads.submit(() -> {
                ready.countDown();
                start.await();
                task.run(number);
                return null;
            }));
        }
        ready.await();
        long startNanos = System.nanoTime();
        start.countDown();
        for (Future<?> each : tasks) {
            each.get();
        }
        return System.nanoTime() - startNanos;
    }

    // By reflection: the language level is 17, the JDK at run time may be newer.

    private static ExecutorService threads() {
        if (Runtime.version().feature() < 21) {
            return Executors.newCachedThreadPool(task -> {
                var thread = new Thread(task, "burst");
                thread.setDaemon(true);
                return thread;
            });
        }
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("JDK " + Runtime.version() + " has no virtual threads", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
