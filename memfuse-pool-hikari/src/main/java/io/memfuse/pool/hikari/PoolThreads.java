package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the threads on which HikariCP adds and closes connections. They are daemons, and HikariCP ends them after 5 s
 * without work: an idle pool has none. Thread-safe.
 */
final class PoolThreads implements ThreadFactory {

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private final PoolKey<?> key;

    PoolThreads(PoolKey<?> key) {
        this.key = key;
    }

    @Override
    public Thread newThread(Runnable task) {
        var thread = new Thread(() -> run(task), "memfuse-hikari " + key + " " + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private void run(Runnable task) {
        threads.add(Thread.currentThread());
        try {
            task.run();
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    /**
     * Lets HikariCP add the next connection at once, where it would pause for 30 ms after the one that is added now on this
     * thread: the pause ends early on a thread that is interrupted, and the thread's next task starts without the mark.
     * Does nothing on threads that were not made here.
     */
    void skipPause() {
        if (threads.contains(Thread.currentThread())) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the pauses of HikariCP, which are up to 5 s after a failure. For a pool that adds no connection any more. */
    void interrupt() {
        threads.forEach(Thread::interrupt);
    }
}
