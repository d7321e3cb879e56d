package io.memfuse.config.url;

import io.memfuse.config.kind.HostAndPort;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the URL of a database says; null is what it does not say. Immutable; its {@code toString} shows no password.
 *
 * @param hosts none if it names none
 * @param port that of the hosts that have none of their own
 * @param serverSettings run-time parameters of the server
 */
public record PostgresUrl(
        List<HostAndPort> hosts,
        @Nullable Integer port,
        @Nullable TargetSessionAttrs targetSessionAttrs,
        @Nullable Boolean loadBalanced,
        @Nullable String database,
        @Nullable String user,
        @Nullable Secret password,
        @Nullable SslMode sslMode,
        @Nullable Path sslRootCert,
        Map<String, String> serverSettings) {

    public PostgresUrl {
        hosts = List.copyOf(hosts);
        serverSettings = Map.copyOf(serverSettings);
    }

    /** Returns what it says, by the keys of a database; the password redacted. */
    public Map<String, Object> parts() {
        Map<String, Object> parts = new LinkedHashMap<>();
        put(parts, "host", hosts.isEmpty() ? null : hosts);
        put(parts, "port", saysPorts() ? hosts : port);
        put(parts, "target_session_attrs", targetSessionAttrs);
        put(parts, "load_balance_hosts", loadBalanced);
        put(parts, "database", database);
        put(parts, "user", user);
        put(parts, "password", password);
        put(parts, "ssl_mode", sslMode);
        put(parts, "ssl_root_cert", sslRootCert);
        serverSettings.forEach((name, value) -> parts.put("server_settings." + name, value));
        return parts;
    }

    private boolean saysPorts() {
        return !hosts.isEmpty() && hosts.stream().allMatch(host -> host.port() != null);
    }

    private static void put(Map<String, Object> parts, String key, @Nullable Object value) {
        if (value != null) {
            parts.put(key, value);
        }
    }

    /** Returns the same with another password. */
    public PostgresUrl withPassword(Secret newPassword) {
        return new PostgresUrl(
                hosts,
                port,
                targetSessionAttrs,
                loadBalanced,
                database,
                user,
                newPassword,
                sslMode,
                sslRootCert,
                serverSettings);
    }
}
