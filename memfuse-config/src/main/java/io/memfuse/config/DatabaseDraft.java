package io.memfuse.config;

import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A database while it is read, with what is built in at the beginning. Not thread-safe. */
final class DatabaseDraft {

    String provider = DatabaseConfig.DEFAULT_PROVIDER;
    String host = "localhost";
    int port = 5432;

    @Nullable String database;

    @Nullable String name;

    String user = "postgres";

    @Nullable Secret password;

    @Nullable Boolean pinned;

    PoolSettings settings = PoolSettings.DEFAULTS;

    /** Returns another one that begins where this one is. */
    DatabaseDraft copy() {
        var copy = new DatabaseDraft();
        copy.provider = provider;
        copy.host = host;
        copy.port = port;
        copy.database = database;
        copy.name = name;
        copy.user = user;
        copy.password = password;
        copy.pinned = pinned;
        copy.settings = settings;
        return copy;
    }

    void limits(UnaryOperator<PoolLimits> change) {
        settings = settings.with(change);
    }

    /**
     * Returns the database.
     *
     * @param fallback the name, or the database's, whichever is not set
     * @param warm whether it is warmed, and so pinned unless it says otherwise
     */
    DatabaseConfig build(String fallback, boolean warm) {
        String onServer = database == null ? fallback : database;
        PoolSpec.Builder spec = PoolSpec.builder(provider, onServer)
                .host(host)
                .port(port)
                .user(user)
                .password(password == null ? Secret.none() : password)
                .limits(settings.limits())
                .serverSettings(settings.serverSettings())
                .sslMode(settings.ssl().mode());
        settings.ssl().rootCert().ifPresent(spec::sslRootCert);
        return new DatabaseConfig(name == null ? fallback : name, spec.build(), pinned == null ? warm : pinned);
    }
}
