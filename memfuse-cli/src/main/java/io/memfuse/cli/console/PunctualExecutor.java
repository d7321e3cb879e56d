package io.memfuse.cli.console;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs each task on one of a few threads, and interrupts it when its time is up, which closes the connection that it reads
 * from or writes to: a browser that stalls in the middle of a request or of an answer holds no thread for longer. A task that
 * makes progress may ask for more time. Thread-safe.
 */
final class PunctualExecutor implements Executor, AutoCloseable {

    private final long timeoutNanos;
    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService watch;
    private final Map<Thread, Task> running = new ConcurrentHashMap<>();

    PunctualExecutor(int threads, Duration timeout) {
        timeoutNanos = timeout.toNanos();
        workers = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("memfuse-console"));
        workers.allowCoreThreadTimeOut(true);
        watch = Executors.newSingleThreadScheduledExecutor(named("memfuse-console-watch"));
        long period = timeoutNanos / 10;
        var unused = watch.scheduleWithFixedDelay(this::interruptLate, period, period, TimeUnit.NANOSECONDS);
    }

    static ThreadFactory named(String name) {
        var number = new AtomicInteger();
        return work -> {
            var thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void execute(Runnable work) {
        workers.execute(() -> {
            var task = new Task(Thread.currentThread(), System.nanoTime() + timeoutNanos);
            running.put(task.thread, task);
            try {
                work.run();
            } finally {
                running.remove(task.thread);
                task.end();
            }
        });
    }

    /** Gives the task that runs on this thread its whole time again. */
    void extend() {
        Task task = running.get(Thread.currentThread());
        if (task != null) {
            task.deadlineNanos = System.nanoTime() + timeoutNanos;
        }
    }

    /** Returns how many tasks run. */
    int running() {
        return running.size();
    }

    private void interruptLate() {
        long nowNanos = System.nanoTime();
        running.values().stream()
                .filter(task -> nowNanos - task.deadlineNanos > 0)
                .forEach(Task::interrupt);
    }

    /** Interrupts what runs, and takes no more. */
    @Override
    public void close() {
        workers.shutdownNow();
        watch.shutdownNow();
    }

    private static final class Task {

        private final Thread thread;
        private volatile long deadlineNanos;

        /** Guarded by this. */
        private boolean ended;

        Task(Thread thread, long deadlineNanos) {
            this.thread = thread;
            this.deadlineNanos = deadlineNanos;
        }

        // INVARIANT: never interrupts the next task of the thread.
        synchronized void interrupt() {
            if (!ended) {
                thread.interrupt();
            }
        }

        /** The pool's own interrupt, which ends the thread, is looked at by the pool again. */
        synchronized void end() {
            ended = true;
            Thread.interrupted();
        }
    }
}
