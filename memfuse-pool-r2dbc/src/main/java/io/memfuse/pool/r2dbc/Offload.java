package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Gets work off the scheduler that all pools share, for it may end in a borrower's code. */
final class Offload {

    private Offload() {}

    /** Runs the work on the executor after a while; false if the engine has ended, and it is not run. */
    static boolean after(PoolContext context, long delayNanos, Runnable work) {
        try {
            Future<?> unused = context.scheduler().schedule(() -> run(context, work), delayNanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException shutDown) {
            return false;
        }
    }

    /** Runs the work on the executor; here, if that was shut down: it is what somebody waits for. */
    static void run(PoolContext context, Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException shutDown) {
            work.run();
        }
    }
}
