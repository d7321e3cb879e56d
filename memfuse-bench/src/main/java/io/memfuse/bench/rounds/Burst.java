package io.memfuse.bench.rounds;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Many tasks that start in one moment, each on a thread of its own: a virtual one where the JDK has them. Thread-safe. */
final class Burst implements AutoCloseable {

    private final ExecutorService threads = threads();

    /** One of the tasks. */
    @FunctionalInterface
    interface Task {
        void run(int number) throws Exception;
    }

    /** Runs {@code count} tasks once all their threads are there; returns the milliseconds until the last has ended. */
    double run(int count, Task task) throws InterruptedException, ExecutionException {
        return Arrays.stream(times(count, task)).max().orElse(0);
    }

    /** As {@link #run}; returns the milliseconds from the common start until each has ended. */
    double[] times(int count, Task task) throws InterruptedException, ExecutionException {
        var ready = new CountDownLatch(count);
        var start = new CountDownLatch(1);
        var startNanos = new AtomicLong();
        List<Future<Double>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(threads.submit(() -> {
                ready.countDown();
                start.await();
                task.run(number);
                return Stopwatch.millis(System.nanoTime() - startNanos.get());
            }));
        }
        ready.await();
        startNanos.set(System.nanoTime());
        start.countDown();
        double[] times = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = tasks.get(i).get();
        }
        return times;
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
