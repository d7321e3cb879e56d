package io.memfuse.core.thread;

import io.memfuse.core.time.Ticker;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes executors for work that blocks. */
final class BlockingExecutors {

    /** Platform threads of one kind that are at work at the same time. */
    private static final int BOUND = 64;

    /** Platform threads of one kind, together with those that wait for what does not answer. */
    private static final int HARD_BOUND = 1_024;

    private BlockingExecutors() {}

    /** One virtual thread per task where the JDK has them, else platform threads, bounded. */
    static ExecutorService create(String name, ScheduledExecutorService scheduler) {
        ThreadFactory virtual = virtualThreads(name);
        return virtual != null
                ? threadPerTask(virtual)
                : new CompensatingPool(name, BOUND, HARD_BOUND, scheduler, Ticker.system());
    }

    /** Daemon threads: a program whose main thread ends is not kept alive by its pools. */
    static ThreadFactory platformThreads(String name) {
        var number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    // Virtual threads by reflection: the language level is 17, the JDK at run time may be newer.

    private static @Nullable ThreadFactory virtualThreads(String name) {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object named = type.getMethod("name", String.class, long.class).invoke(builder, name + "-", 1L);
            return (ThreadFactory) type.getMethod("factory").invoke(named);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("JDK " + Runtime.version() + " has no virtual threads", e);
        }
    }

    private static ExecutorService threadPerTask(ThreadFactory factory) {
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("JDK " + Runtime.version() + " has no thread-per-task executor", e);
        }
    }
}
