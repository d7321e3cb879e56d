package io.memfuse.core.monitor;

import io.memfuse.core.pool.PoolKey;
import java.util.Map;

/**
 * What all pools went through, read while they are used.
 *
 * @param pools each pool that is known
 * @param gone those together that are known no more
 */
public record MonitorSnapshot(Map<PoolKey<?>, PoolActivity> pools, PoolActivity gone) {

    public MonitorSnapshot {
        pools = Map.copyOf(pools);
    }

    /** Returns what all of them went through. */
    public PoolActivity total() {
        return pools.values().stream().reduce(gone, PoolActivity::plus);
    }
}
