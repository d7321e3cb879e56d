package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Makes the threads on which HikariCP adds and closes connections. They are daemons, and HikariCP ends them after 5 s
 * without work: an idle pool has none. Thread-safe.
 */
final class PoolThreads implements ThreadFactory {

    private final PoolKey<?> key;

    /** Those that run: few, and none in a pool that is idle. Guarded by this. */
    private final List<Thread> threads = new ArrayList<>(0);

    /** Guarded by this. */
    private int number;

    PoolThreads(PoolKey<?> key) {
        this.key = key;
    }

    @Override
    public Thread newThread(Runnable task) {
        var thread = new Thread(() -> run(task), "memfuse-hikari " + key + " " + nextNumber());
        thread.setDaemon(true);
        return thread;
    }

    private void run(Runnable task) {
        try {
            began(Thread.currentThread());
        } catch (Throwable e) {
            // No memory: its pauses are not ended early. Thrown, this would lose HikariCP's work.
        }
        try {
            task.run();
        } finally {
            ended(Thread.currentThread());
        }
    }

    private synchronized int nextNumber() {
        return ++number;
    }

    private synchronized void began(Thread thread) {
        threads.add(thread);
    }

    private synchronized void ended(Thread thread) {
        threads.remove(thread);
    }

    /**
     * Lets HikariCP add the next connection at once, where it would pause for 30 ms after the one that is added now on this
     * thread: the pause ends early on a thread that is interrupted, and the thread's next task starts without the mark.
     * Does nothing on threads that were not made here.
     */
    synchronized void skipPause() {
        if (threads.contains(Thread.currentThread())) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the pauses of HikariCP, which are up to 5 s after a failure. For a pool that adds no connection any more. */
    synchronized void interrupt() {
        threads.forEach(Thread::interrupt);
    }
}
