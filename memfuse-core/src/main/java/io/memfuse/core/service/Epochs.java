package io.memfuse.core.service;

import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells when users were seen without a look at the clock for each request, which costs more than all else that a request for
 * a service that is there does: a user keeps the {@link Epoch} in which it was seen last, and one timer for all users ends
 * epochs. Thread-safe.
 *
 * <p>INVARIANT: nobody is taken to have been seen earlier than it was. Who finds an epoch finds it before its successor is
 * put in its place, and only then its end is read off the clock. If the timer is late, users merely seem to have been seen
 * later.
 */
final class Epochs {

    /** What is enough to tell for how long a user was not seen, whatever the grace. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** So many make a grace, at least: users are closed for room by no more than a tenth of it too late. */
    private static final int IN_A_GRACE = 10;

    private final Ticker ticker;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile Epoch current;

    /** Succeeded, but not ended yet. Of the timer alone. */
    private @Nullable Epoch toEnd;

    private volatile @Nullable ScheduledFuture<?> timer;

    Epochs(Ticker ticker) {
        this.ticker = ticker;
        this.current = new Epoch(ticker);
    }

    /** Starts the timer, for the first user; does nothing after that. */
    void start(EngineThreads threads, Duration evictionGrace) {
        if (started.get() || !started.compareAndSet(false, true)) {
            return;
        }
        Duration share = evictionGrace.dividedBy(IN_A_GRACE);
        long periodNanos = (share.compareTo(LONGEST) < 0 ? share : LONGEST).toNanos();
        try {
            timer = threads.scheduler().scheduleAtFixedRate(this::turn, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            timer = null; // The engine has ended: no user comes any more for whom there had to be room.
        }
    }

    /** Ends the timer. */
    void stop() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    Epoch current() {
        return current;
    }

    /** Run by the timer alone, which would never run it again if it threw. */
    private void turn() {
        try {
            Epoch over = toEnd;
            if (over == null) {
                Epoch next = new Epoch(ticker);
                over = current;
                toEnd = over;
                current = next;
            }
            over.end();
            toEnd = null;
        } catch (RuntimeException | Error e) {
            // No memory, or no time to be had: the next turn tries again.
        }
    }
}
