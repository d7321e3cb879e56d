package io.memfuse.config;

import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the URL of a database says; null is what it does not say. Immutable; its {@code toString} shows no password.
 *
 * @param serverSettings run-time parameters of the server
 */
record PostgresUrl(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String database,
        @Nullable String user,
        @Nullable Secret password,
        @Nullable SslMode sslMode,
        @Nullable Path sslRootCert,
        Map<String, String> serverSettings) {

    PostgresUrl {
        serverSettings = Map.copyOf(serverSettings);
    }

    /** Returns what it says, by the keys of a database; the password redacted. */
    Map<String, Object> parts() {
        Map<String, Object> parts = new LinkedHashMap<>();
        put(parts, "host", host);
        put(parts, "port", port);
        put(parts, DatabaseKeys.DATABASE.name(), database);
        put(parts, "user", user);
        put(parts, DatabaseKeys.PASSWORD.name(), password);
        put(parts, DatabaseKeys.SSL_MODE.name(), sslMode);
        put(parts, DatabaseKeys.SSL_ROOT_CERT.name(), sslRootCert);
        serverSettings.forEach((name, value) -> parts.put(DatabaseKeys.SERVER_SETTINGS.name() + "." + name, value));
        return parts;
    }

    private static void put(Map<String, Object> parts, String key, @Nullable Object value) {
        if (value != null) {
            parts.put(key, value);
        }
    }

    /** Returns the same with another password. */
    PostgresUrl withPassword(Secret newPassword) {
        return new PostgresUrl(host, port, database, user, newPassword, sslMode, sslRootCert, serverSettings);
    }

    /** Sets what it says. */
    void set(DatabaseDraft draft) {
        draft.host = host == null ? draft.host : host;
        draft.port = port == null ? draft.port : port;
        draft.database = database == null ? draft.database : database;
        draft.user = user == null ? draft.user : user;
        draft.password = password == null ? draft.password : password;
        draft.settings = draft.settings.withMore(serverSettings);
        if (sslMode != null) {
            DatabaseKeys.SSL_MODE.set().accept(draft, sslMode);
        }
        if (sslRootCert != null) {
            DatabaseKeys.SSL_ROOT_CERT.set().accept(draft, Optional.of(sslRootCert));
        }
    }
}
