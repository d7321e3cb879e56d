package io.memfuse.core.registry;

import io.memfuse.core.lock.LockMetrics;
import java.util.List;

/**
 * All pools at one moment. No change of several pools, such as a shutdown, is seen half done.
 *
 * @param pools the registered pools, in the order of their keys' text, each pool that drains after the one that replaced it
 * @param lock what the registry's lock went through
 */
public record RegistrySnapshot(List<PoolSnapshot> pools, LockMetrics lock) {

    public RegistrySnapshot {
        pools = List.copyOf(pools);
    }
}
