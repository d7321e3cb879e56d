package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a pool has no connection at all, and its database lets it make none: borrowers are refused, those who wait
 * are sent away, and HikariCP makes no attempt of its own. Attempts are made here instead, whether or not anybody asks, with
 * pauses that double up to {@link #LONGEST_PAUSE}: so that pool serves again after the longest pause and a login at the latest,
 * or when an attempt that is under way is answered or given up. Thread-safe.
 */
final class Outage {

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** For those who wait to be sent away by HikariCP's thread; who is left then is seen with the next attempt. */
    private static final Duration SENDING_AWAY = Duration.ofSeconds(1);

    private record Down(PoolOpenException failure, int attempts, long nextAttemptNanos) {}

    private final PoolContext context;
    private final PoolMembers members;
    private final AtomicBoolean sendingAway = new AtomicBoolean();

    /** Null until the pool is started: its first connection is made by whoever opens it. */
    private volatile @Nullable Supply supply;

    private volatile @Nullable RunningPool pool;

    /** Null while there is none. Written under the lock of this. */
    private volatile @Nullable Down down;

    /** Guarded by this. */
    private boolean closed;

    Outage(PoolContext context, PoolMembers members) {
        this.context = context;
        this.members = members;
    }

    void started(RunningPool running, Supply newSupply) {
        pool = running;
        supply = newSupply;
    }

    /** Tells whether there is one: a volatile read. */
    boolean isOn() {
        return down != null;
    }

    /** Returns the failure of the last attempt, as of a borrower who is refused; null if there is no outage. */
    @Nullable PoolOpenException refusal(Duration waited) {
        Down now = down;
        RunningPool running = pool;
        if (now == null || running == null) {
            return null;
        }
        long leftNanos = Math.max(0, now.nextAttemptNanos - context.ticker().nanoTime());
        return now.failure.refused(waited, running.stats(), Duration.ofNanos(leftNanos));
    }

    /** An attempt to connect failed, or the last connection was closed after one had failed. */
    void attemptFailed(PoolOpenException failure) {
        if (pool != null && members.isEmpty()) {
            boolean begins = renew(failure);
            // INVARIANT: a connection is added and then ends the outage; here the outage begins and then the
            // connections
            // are counted. So one of the two sees the other, and no pool that has a connection is left in an outage.
            if (!members.isEmpty()) {
                end();
                return;
            }
            if (begins) {
                schedule(FIRST_PAUSE_NANOS);
            }
            sendAway();
        }
    }

    /** The pool is closed: its last connection goes, which is no outage, and nothing is tried any more. */
    synchronized void close() {
        closed = true;
        down = null;
    }

    private synchronized boolean renew(PoolOpenException failure) {
        if (closed) {
            return false;
        }
        Down before = down;
        down = before == null
                ? new Down(failure, 0, context.ticker().nanoTime() + FIRST_PAUSE_NANOS)
                : new Down(failure, before.attempts, before.nextAttemptNanos);
        return before == null;
    }

    /** A connection was made; or none is to be made any more. */
    void end() {
        if (isOn()) {
            clear();
        }
    }

    private synchronized void clear() {
        down = null;
    }

    private void schedule(long pauseNanos) {
        try {
            Future<?> unused = context.scheduler()
                    .schedule(() -> context.executor().execute(this::attempt), pauseNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            // The platform closes, and this pool with it.
        }
    }

    /** Has one attempt made, if none is under way; and the next after a pause, whatever becomes of this one. */
    private void attempt() {
        Supply maker = supply;
        long pauseNanos = nextPauseNanos();
        if (maker == null || pauseNanos == 0) {
            return;
        }
        try {
            maker.order(1);
        } finally {
            schedule(pauseNanos);
        }
        sendAway();
    }

    /** Returns zero if there is no outage any more. */
    private synchronized long nextPauseNanos() {
        Down now = down;
        if (now == null) {
            return 0;
        }
        int attempts = now.attempts + 1;
        long pauseNanos = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE_NANOS << Math.min(attempts, 10));
        down = new Down(now.failure, attempts, context.ticker().nanoTime() + pauseNanos);
        return pauseNanos;
    }

    /** Keeps HikariCP at it until nobody waits: each that it adds now sends one away, see {@link ConnectionSource}. */
    private void sendAway() {
        RunningPool running = pool;
        if (running != null && running.waiting() > 0 && sendingAway.compareAndSet(false, true)) {
            try {
                context.executor().execute(() -> sendAway(running));
            } catch (RejectedExecutionException | OutOfMemoryError noThread) {
                sendingAway.set(false);
            }
        }
    }

    private void sendAway(RunningPool running) {
        try {
            Patience.await(() -> isNobodyLeft(running), Deadline.after(SENDING_AWAY, context.ticker()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sendingAway.set(false);
        }
    }

    private boolean isNobodyLeft(RunningPool running) {
        if (!isOn() || running.waiting() == 0) {
            return true;
        }
        running.requestConnection();
        return false;
    }
}
