package io.memfuse.core.thread;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes executors for work that blocks. */
final class BlockingExecutors {

    private BlockingExecutors() {}

    /** One virtual thread per task where the JDK has them, else at most {@code max} platform threads. */
    static ExecutorService create(String name, int max) {
        ThreadFactory virtual = virtualThreads(name);
        return virtual != null ? threadPerTask(virtual) : platformPool(name, max);
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

    private static ExecutorService platformPool(String name, int max) {
        // Core = max with core time-out: grows to max before it queues, and shrinks to nothing when idle.
        var pool = new ThreadPoolExecutor(
                max, max, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), platformThreads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
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
