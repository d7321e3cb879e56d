package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets work off the scheduler that all pools share, for it may end in a borrower's code. */
final class Offload {

    private static final Logger LOG = LoggerFactory.getLogger(Offload.class);

    private Offload() {}

    /** Runs the work on the executor after a while; null if the engine has ended, and it is not run. */
    static @Nullable Future<?> after(PoolContext context, long delayNanos, Runnable work) {
        try {
            return context.scheduler().schedule(() -> run(context, work), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            return null;
        }
    }

    /** Runs the work on the executor; here, if that cannot: it is what somebody waits for. */
    static void run(PoolContext context, Runnable work) {
        var once = new Once(work);
        try {
            context.executor().execute(once);
        } catch (RejectedExecutionException shutDown) {
            once.run();
        } catch (RuntimeException | Error e) {
            // There may be no memory for a thread, say; or the work itself failed, here.
            Logs.warn(LOG, context.key(), "work could not be handed over, or failed", e);
            once.run();
        }
    }

    /** An executor may fail after it has taken the work. */
    private static final class Once implements Runnable {

        private final Runnable work;
        private final AtomicBoolean begun = new AtomicBoolean();

        Once(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                work.run();
            }
        }
    }
}
