package io.memfuse.config;

import java.util.List;
import java.util.Objects;

/**
 * The section {@code connection_pool}. Immutable and thread-safe.
 *
 * @param settings the settings that stand directly under {@code connection_pool}: what an entry of
 *     {@code warmup_configs} does not set itself
 * @param openPools how long, and how many, pools stay open that nobody uses
 * @param warmupConfigs the databases, in the order of the file; two entries may share one pool
 * @param precacheConfigs the users whose services are made at the start, in the order of the file
 */
public record ConnectionPoolConfig(
        PoolSettings settings,
        OpenPoolLimits openPools,
        List<WarmupConfig> warmupConfigs,
        List<PrecacheConfig> precacheConfigs) {

    /** A section that says nothing. */
    public static final ConnectionPoolConfig EMPTY =
            new ConnectionPoolConfig(PoolSettings.DEFAULTS, OpenPoolLimits.NONE, List.of(), List.of());

    public ConnectionPoolConfig {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(openPools, "openPools");
        warmupConfigs = List.copyOf(warmupConfigs);
        precacheConfigs = List.copyOf(precacheConfigs);
    }

    /** Makes a section whose pools stay open until the platform is closed. */
    public ConnectionPoolConfig(
            PoolSettings settings, List<WarmupConfig> warmupConfigs, List<PrecacheConfig> precacheConfigs) {
        this(settings, OpenPoolLimits.NONE, warmupConfigs, precacheConfigs);
    }
}
