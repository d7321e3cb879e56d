package io.memfuse.core.jmx;

import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads one pool when it is asked. Thread-safe. */
final class PoolBean implements PoolMXBean {

    private final PoolRegistry registry;
    private final PoolMonitor monitor;
    private final PoolKey<?> key;

    PoolBean(PoolRegistry registry, PoolMonitor monitor, PoolKey<?> key) {
        this.registry = registry;
        this.monitor = monitor;
        this.key = key;
    }

    private PoolSnapshot now() {
        return registry.snapshot(key);
    }

    private PoolStats stats() {
        return now().stats();
    }

    private PoolActivity activity() {
        return monitor.activity(key);
    }

    static long micros(Duration duration) {
        return TimeUnit.MICROSECONDS.convert(duration);
    }

    @Override
    public PoolState getState() {
        return now().state();
    }

    @Override
    public String getError() {
        return now().error().orElse("");
    }

    @Override
    public long getNextAttemptMillis() {
        return now().nextAttemptIn().toMillis();
    }

    @Override
    public int getTotalConnections() {
        return stats().total();
    }

    @Override
    public int getActiveConnections() {
        return stats().active();
    }

    @Override
    public int getIdleConnections() {
        return stats().idle();
    }

    @Override
    public int getWaiting() {
        return stats().waiting();
    }

    @Override
    public long getOldestWaiterMillis() {
        return stats().oldestWaiterAge().toMillis();
    }

    @Override
    public int getMinSize() {
        return stats().minSize();
    }

    @Override
    public int getMaxSize() {
        return stats().maxSize();
    }

    @Override
    public int getLeases() {
        return now().leases();
    }

    @Override
    public long getAcquired() {
        return activity().acquired();
    }

    @Override
    public long getTimedOut() {
        return activity().timedOut();
    }

    @Override
    public long getRefused() {
        return activity().refused();
    }

    @Override
    public long getLeaked() {
        return activity().leaked();
    }

    @Override
    public long getConnected() {
        return activity().connected();
    }

    @Override
    public long getConnectFailed() {
        return activity().connectFailed();
    }

    @Override
    public long getWaitP50Micros() {
        return micros(activity().waits().p50());
    }

    @Override
    public long getWaitP99Micros() {
        return micros(activity().waits().p99());
    }

    @Override
    public long getUseP50Micros() {
        return micros(activity().uses().p50());
    }

    @Override
    public long getUseP99Micros() {
        return micros(activity().uses().p99());
    }
}
