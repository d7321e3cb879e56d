package io.memfuse.config;

import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.SslSettings;
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
 * @param ssl {@code ssl_mode} and {@code ssl_root_cert}
 */
public record PoolSettings(PoolLimits limits, Map<String, String> serverSettings, SslSettings ssl) {

    /** What holds unless the file says otherwise: the defaults of {@link PoolLimits}, no server settings, SSL if the server can. */
    public static final PoolSettings DEFAULTS = new PoolSettings(PoolLimits.DEFAULTS, Map.of(), SslSettings.DEFAULTS);

    public PoolSettings {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(ssl, "ssl");
        serverSettings = Collections.unmodifiableMap(new TreeMap<>(serverSettings));
    }
}
