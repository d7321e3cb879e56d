package io.memfuse.services.buffer;

import io.memfuse.core.time.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one action on an executor, now or at a time: of all times asked for, the earliest. Has one timer at most, whatever
 * is asked. Thread-safe, without locks.
 */
final class WakeUp {

    private static final Logger LOG = LoggerFactory.getLogger(WakeUp.class);

    private final Runnable action;
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private final Ticker ticker;

    /** The alarm that counts; one that was replaced by an earlier one finds that it is not this one and does nothing. */
    private final AtomicReference<@Nullable Alarm> next = new AtomicReference<>();

    WakeUp(Runnable action, ScheduledExecutorService scheduler, Executor executor, Ticker ticker) {
        this.action = action;
        this.scheduler = scheduler;
        this.executor = executor;
        this.ticker = ticker;
    }

    void now() {
        try {
            executor.execute(action);
        } catch (RejectedExecutionException e) {
            LOG.debug("the executor is shut down; what waits is written on closing");
        }
    }

    void in(long delayNanos) {
        var alarm = new Alarm(ticker.nanoTime() + delayNanos);
        while (true) {
            Alarm current = next.get();
            if (current != null && current.atNanos - alarm.atNanos <= 0) {
                return;
            }
            if (next.compareAndSet(current, alarm)) {
                alarm.start(delayNanos);
                if (current != null) {
                    current.cancel();
                }
                return;
            }
        }
    }

    private final class Alarm implements Runnable {

        private final long atNanos;
        private volatile @Nullable ScheduledFuture<?> timer;

        Alarm(long atNanos) {
            this.atNanos = atNanos;
        }

        void start(long delayNanos) {
            try {
                timer = scheduler.schedule(this, delayNanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("the scheduler is shut down; what waits is written on closing");
            }
        }

        /** Only saves the timer: an alarm that was replaced does nothing anyway. */
        void cancel() {
            ScheduledFuture<?> started = timer;
            if (started != null) {
                started.cancel(false);
            }
        }

        @Override
        public void run() {
            if (next.compareAndSet(this, null)) {
                now();
            }
        }
    }
}
