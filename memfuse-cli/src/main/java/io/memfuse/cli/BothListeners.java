package io.memfuse.cli;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;

/** Tells two listeners of the life of pools, and neither of each borrower: a request that goes well costs nothing. Thread-safe. */
record BothListeners(PoolListener first, PoolListener second) implements PoolListener {

    /** The most that a listener may ask for: these want no times. */
    private static final int HARDLY_EVER = 1 << 30;

    @Override
    public int timesOneIn() {
        return HARDLY_EVER;
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        first.opened(key, tookNanos);
        second.opened(key, tookNanos);
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        first.openFailed(key, failure);
        second.openFailed(key, failure);
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        first.connected(key, tookNanos);
        second.connected(key, tookNanos);
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        first.connectFailed(key, failure);
        second.connectFailed(key, failure);
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        first.timedOut(key, waitedNanos);
        second.timedOut(key, waitedNanos);
    }

    @Override
    public void evicted(PoolKey<?> key) {
        first.evicted(key);
        second.evicted(key);
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        first.closed(key, report);
        second.closed(key, report);
    }
}
