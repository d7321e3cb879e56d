package io.memfuse.config;

import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.SslSettings;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

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

    PoolSettings with(UnaryOperator<PoolLimits> change) {
        return new PoolSettings(change.apply(limits), serverSettings, ssl);
    }

    /** Returns these settings with more run-time parameters, which go before those of the same name. */
    PoolSettings withMore(Map<String, String> more) {
        var all = new TreeMap<>(serverSettings);
        all.putAll(more);
        return new PoolSettings(limits, all, ssl);
    }

    PoolSettings with(SslSettings newSsl) {
        return new PoolSettings(limits, serverSettings, newSsl);
    }
}
