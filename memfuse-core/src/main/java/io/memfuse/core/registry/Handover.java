package io.memfuse.core.registry;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Hands work to an executor. If that has ended, or has no thread to spare, the work is done elsewhere: somebody waits for it,
 * or it closes what nobody else does. Not on the thread that hands over, as long as there is another way: that may be the
 * scheduler, which must not block, or a user's, who gives a lease back. Thread-safe.
 */
record Handover(ScheduledExecutorService scheduler) {

    private static final long RETRY_MILLIS = 100;

    /** Has the work done; returns before it is done, if that is possible. */
    void run(Executor executor, Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            runOnSpare(executor, work);
        }
    }

    private void runOnSpare(Executor executor, Runnable work) {
        try {
            // Not a daemon: a program that ends waits for what is being closed.
            new Thread(work, "memfuse-spare").start();
        } catch (OutOfMemoryError e) {
            runLater(executor, work);
        }
    }

    private void runLater(Executor executor, Runnable work) {
        try {
            scheduler.schedule(() -> run(executor, work), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            work.run();
        }
    }
}
