package io.memfuse.core.jmx;

import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.registry.PoolRegistry;

/** Reads the lock of a registry when it is asked. Thread-safe. */
final class LockBean implements LockMXBean {

    private final PoolRegistry registry;

    LockBean(PoolRegistry registry) {
        this.registry = registry;
    }

    private LockMetrics now() {
        return registry.lockMetrics();
    }

    @Override
    public long getReads() {
        return now().reads();
    }

    @Override
    public long getWrites() {
        return now().writes();
    }

    @Override
    public long getContended() {
        return now().contended();
    }

    @Override
    public long getTimeouts() {
        return now().timeouts();
    }

    @Override
    public long getCancellations() {
        return now().cancellations();
    }

    @Override
    public int getQueueLength() {
        return now().waitingNow();
    }

    @Override
    public long getWaitP99Micros() {
        return PoolBean.micros(now().waits().p99());
    }

    @Override
    public long getWriteHoldP99Micros() {
        return PoolBean.micros(now().writeHolds().p99());
    }
}
