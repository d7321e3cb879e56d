package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.util.concurrent.RejectedExecutionException;

/** Gets work off the scheduler that all pools share, for it may end in a borrower's code. */
final class Offload {

    private Offload() {}

    /** Runs the work on the executor; here, if that was shut down: it is what somebody waits for. */
    static void run(PoolContext context, Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException shutDown) {
            work.run();
        }
    }
}
