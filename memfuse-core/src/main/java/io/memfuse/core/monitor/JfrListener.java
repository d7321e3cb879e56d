package io.memfuse.core.monitor;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.time.Duration;

/**
 * Writes what happens to pools into recordings of the JDK's Flight Recorder, as events named {@code io.memfuse.*}; docs/metrics.md
 * lists them. Thread-safe. While nothing records, it costs a request a comparison.
 */
public final class JfrListener implements PoolListener {

    private final long thresholdNanos;

    /** Writes waits for a connection that were longer than 10 ms. */
    public JfrListener() {
        this(Duration.ofMillis(10));
    }

    /**
     * @param acquireWait waits for a connection that were longer than this are written, of those that are timed
     * @throws IllegalArgumentException if it is negative
     */
    public JfrListener(Duration acquireWait) {
        if (acquireWait.isNegative()) {
            throw new IllegalArgumentException("acquireWait is " + acquireWait + "; accepted: zero or more");
        }
        this.thresholdNanos = acquireWait.toNanos();
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        var event = new JfrEvents.PoolOpened();
        if (event.isEnabled()) {
            event.took = tookNanos;
            commit(event, key);
        }
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        var event = new JfrEvents.PoolOpenFailed();
        if (event.isEnabled()) {
            event.reason = failure.getMessage();
            commit(event, key);
        }
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        var event = new JfrEvents.ConnectFailed();
        if (event.isEnabled()) {
            event.reason = failure.getMessage();
            commit(event, key);
        }
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        if (waitedNanos > thresholdNanos) {
            var event = new JfrEvents.AcquireWait();
            if (event.isEnabled()) {
                event.waited = waitedNanos;
                commit(event, key);
            }
        }
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        var event = new JfrEvents.AcquireTimeout();
        if (event.isEnabled()) {
            event.waited = waitedNanos;
            commit(event, key);
        }
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        var event = new JfrEvents.AcquireRefused();
        if (event.isEnabled()) {
            event.reason = failure.getMessage();
            commit(event, key);
        }
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        var event = new JfrEvents.ConnectionLeaked();
        if (event.isEnabled()) {
            event.holder = holder.name();
            event.takenAt = holder.takenAt().map(Object::toString).orElse(null);
            event.held = holder.heldFor().toNanos();
            commit(event, key);
        }
    }

    @Override
    public void evicted(PoolKey<?> key) {
        var event = new JfrEvents.PoolEvicted();
        if (event.isEnabled()) {
            commit(event, key);
        }
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        var event = new JfrEvents.PoolClosed();
        if (event.isEnabled()) {
            event.took = report.took().toNanos();
            event.aborted = report.aborted().size();
            commit(event, key);
        }
    }

    private static void commit(JfrEvents.OfPool event, PoolKey<?> key) {
        event.pool = key.toString();
        event.commit();
    }
}
