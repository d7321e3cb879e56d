package io.memfuse.core.testing;

import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only when a test says so: a ticker, and a scheduler that runs on the thread that advances the time what
 * is then due. Thread-safe.
 */
public final class ManualTime implements Ticker {

    // Not zero: nobody may rely on the origin.
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(ManualTime::inOrder);
    private final Scheduler scheduler = new Scheduler();
    private long number;

    private static int inOrder(Task<?> one, Task<?> other) {
        int byTime = Long.compare(one.atNanos - other.atNanos, 0);
        return byTime != 0 ? byTime : Long.compare(one.number, other.number);
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /** Returns the scheduler that goes by this time. */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** Returns how many tasks wait for their time. */
    public int scheduled() {
        synchronized (tasks) {
            return tasks.size();
        }
    }

    /** Lets time pass, and runs what becomes due, in order, each at its own time. */
    public void advance(Duration duration) {
        long end = nanos.get() + duration.toNanos();
        for (Task<?> due = pollDue(end); due != null; due = pollDue(end)) {
            nanos.set(due.atNanos);
            due.run();
        }
        nanos.set(end);
    }

    private @Nullable Task<?> pollDue(long end) {
        synchronized (tasks) {
            Task<?> next = tasks.peek();
            return next != null && next.atNanos - end <= 0 ? tasks.poll() : null;
        }
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final Runnable again;
        private final long periodNanos;
        private final long number;
        private long atNanos;

        Task(Callable<V> work, Runnable again, long atNanos, long periodNanos, long number) {
            super(work);
            this.again = again;
            this.atNanos = atNanos;
            this.periodNanos = periodNanos;
            this.number = number;
        }

        @Override
        public void run() {
            if (periodNanos == 0) {
                super.run();
            } else if (!isCancelled()) {
                again.run();
                synchronized (tasks) {
                    atNanos += periodNanos;
                    tasks.add(this);
                }
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            synchronized (tasks) {
                tasks.remove(this);
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    private final class Scheduler extends AbstractExecutorService implements ScheduledExecutorService {

        private volatile boolean shutdown;

        private <V> Task<V> add(Callable<V> work, Runnable again, long delayNanos, long periodNanos) {
            if (shutdown) {
                throw new RejectedExecutionException("the scheduler was shut down");
            }
            synchronized (tasks) {
                var task = new Task<>(work, again, nanoTime() + Math.max(0, delayNanos), periodNanos, number++);
                tasks.add(task);
                return task;
            }
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return add(
                    () -> {
                        command.run();
                        return "done";
                    },
                    command,
                    unit.toNanos(delay),
                    0);
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
            return add(callable, () -> {}, unit.toNanos(delay), 0);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
            return add(() -> "never", command, unit.toNanos(initialDelay), unit.toNanos(period));
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable command, long initialDelay, long delay, TimeUnit unit) {
            return scheduleAtFixedRate(command, initialDelay, delay, unit);
        }

        @Override
        public void execute(Runnable command) {
            schedule(command, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            synchronized (tasks) {
                List<Runnable> left = new ArrayList<>(tasks);
                tasks.clear();
                return left;
            }
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }
}
