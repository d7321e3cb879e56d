package io.memfuse.config;

import io.memfuse.core.pool.PoolLimits;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The settings of a pool. Immutable and thread-safe.
 *
 * @param limits {@code min_size}, {@code max_size}, {@code max_queries}, {@code max_inactive_connection_lifetime},
 *     {@code max_connection_lifetime}, {@code timeout} and {@code command_timeout}
 * @param serverSettings {@code server_settings}: run-time parameters that every connection starts with
 */
public record PoolSettings(PoolLimits limits, Map<String, String> serverSettings) {

    /** What holds unless the file says otherwise: the defaults of {@link PoolLimits}, no server settings. */
    public static final PoolSettings DEFAULTS = new PoolSettings(PoolLimits.DEFAULTS, Map.of());

    public PoolSettings {
        Objects.requireNonNull(limits, "limits");
        serverSettings = Collections.unmodifiableMap(new TreeMap<>(serverSettings));
    }
}
