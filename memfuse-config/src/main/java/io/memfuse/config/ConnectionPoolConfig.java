package io.memfuse.config;

import java.util.List;
import java.util.Objects;

/**
 * The section {@code connection_pool}. Immutable and thread-safe.
 *
 * @param openPools how long, and how many, pools stay open that nobody uses
 * @param warmupConfigs the databases whose pools are opened at the start, in the order of the file, whether the entry
 *     names or describes them; two entries may share one pool
 * @param precacheConfigs the users whose services are made at the start, in the order of the file
 */
public record ConnectionPoolConfig(
        OpenPoolLimits openPools, List<DatabaseConfig> warmupConfigs, List<PrecacheConfig> precacheConfigs) {

    /** A section that says nothing. */
    public static final ConnectionPoolConfig EMPTY =
            new ConnectionPoolConfig(OpenPoolLimits.NONE, List.of(), List.of());

    public ConnectionPoolConfig {
        Objects.requireNonNull(openPools, "openPools");
        warmupConfigs = List.copyOf(warmupConfigs);
        precacheConfigs = List.copyOf(precacheConfigs);
    }

    /** Makes a section whose pools stay open until the platform is closed. */
    public ConnectionPoolConfig(List<DatabaseConfig> warmupConfigs, List<PrecacheConfig> precacheConfigs) {
        this(OpenPoolLimits.NONE, warmupConfigs, precacheConfigs);
    }
}
