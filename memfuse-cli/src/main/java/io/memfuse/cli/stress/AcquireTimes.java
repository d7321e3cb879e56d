package io.memfuse.cli.stress;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;

/** Records how long borrowers wait for a connection, while there is load. Thread-safe. */
final class AcquireTimes implements PoolListener {

    private final Latencies latencies = new Latencies();

    @Override
    public int timesOneIn() {
        return 1;
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        latencies.record(waitedNanos);
    }

    /** Returns what was recorded since the last call. */
    LatencySummary take() {
        return latencies.take();
    }
}
