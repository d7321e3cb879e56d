package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Wakes a pool at the time of what it has to do next: one timer for each pool, however many borrowers wait, and none if there
 * is nothing to be waited for. Confined to the pool's steps.
 */
final class Alarm {

    private final PoolContext context;
    private final Runnable wake;
    private @Nullable Future<?> timer;
    private long atNanos;
    private boolean ended;

    Alarm(PoolContext context, Runnable wake) {
        this.context = context;
        this.wake = wake;
    }

    /** Wakes at this time, unless it wakes before. */
    void by(long newAtNanos, long nowNanos) {
        Future<?> earlier = timer;
        // One that is done and has not woken the pool was lost.
        if (ended || (earlier != null && !earlier.isDone() && atNanos - newAtNanos <= 0)) {
            return;
        }
        try {
            Future<?> next = context.scheduler()
                    .schedule(
                            () -> Offload.run(context, wake), Math.max(0, newAtNanos - nowNanos), TimeUnit.NANOSECONDS);
            // What may fail comes first: until there is a new timer the old one stays.
            stop();
            atNanos = newAtNanos;
            timer = next;
        } catch (RejectedExecutionException shutDown) {
            // The platform closes, and this pool with it.
        }
    }

    /** It has woken. */
    void woke() {
        stop();
    }

    /** Wakes no more, whatever is asked for: a pool that drains has nothing to wait for. */
    void end() {
        ended = true;
        stop();
    }

    private void stop() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}
