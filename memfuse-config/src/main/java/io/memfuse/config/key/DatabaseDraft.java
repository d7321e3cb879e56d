package io.memfuse.config.key;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.PoolSettings;
import io.memfuse.config.kind.HostAndPort;
import io.memfuse.config.url.PostgresUrl;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslSettings;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A database while it is read, with what is built in at the beginning. Not thread-safe. */
public final class DatabaseDraft {

    public String provider = DatabaseConfig.DEFAULT_PROVIDER;
    public List<HostAndPort> hosts = List.of(new HostAndPort("localhost", null));
    public int port = 5432;
    public TargetSessionAttrs targetSessionAttrs = TargetSessionAttrs.ANY;
    public boolean loadBalanced;

    public @Nullable String database;

    public @Nullable String name;

    public String user = "postgres";

    public @Nullable Secret password;

    public @Nullable Boolean pinned;

    public PoolSettings settings = PoolSettings.DEFAULTS;

    /** Returns another one that begins where this one is. */
    public DatabaseDraft copy() {
        var copy = new DatabaseDraft();
        copy.provider = provider;
        copy.hosts = hosts;
        copy.port = port;
        copy.targetSessionAttrs = targetSessionAttrs;
        copy.loadBalanced = loadBalanced;
        copy.database = database;
        copy.name = name;
        copy.user = user;
        copy.password = password;
        copy.pinned = pinned;
        copy.settings = settings;
        return copy;
    }

    public void limits(UnaryOperator<PoolLimits> change) {
        settings = new PoolSettings(change.apply(settings.limits()), settings.serverSettings(), settings.ssl());
    }

    public void ssl(SslSettings ssl) {
        settings = new PoolSettings(settings.limits(), settings.serverSettings(), ssl);
    }

    /** Adds run-time parameters, which go before those of the same name. */
    public void serverSettings(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(settings.serverSettings());
        all.putAll(more);
        settings = new PoolSettings(settings.limits(), all, settings.ssl());
    }

    /**
     * Returns the database.
     *
     * @param fallback the name, or the database's, whichever is not set
     * @param warm whether it is warmed, and so pinned unless it says otherwise
     */
    public DatabaseConfig build(String fallback, boolean warm) {
        String onServer = database == null ? fallback : database;
        PoolSpec.Builder spec = PoolSpec.builder(provider, onServer)
                .endpoints(endpoints())
                .user(user)
                .password(password == null ? Secret.none() : password)
                .limits(settings.limits())
                .serverSettings(settings.serverSettings())
                .sslMode(settings.ssl().mode());
        settings.ssl().rootCert().ifPresent(spec::sslRootCert);
        return new DatabaseConfig(name == null ? fallback : name, spec.build(), pinned == null ? warm : pinned);
    }

    private Endpoints endpoints() {
        List<Endpoint> all = hosts.stream()
                .map(server -> new Endpoint(server.host(), portOf(server)))
                .toList();
        return new Endpoints(all, targetSessionAttrs, loadBalanced);
    }

    /** Returns the port of one of the hosts. */
    public int portOf(HostAndPort server) {
        return server.port() == null ? port : server.port();
    }

    /** Sets what a URL says. */
    public void take(PostgresUrl url) {
        hosts = url.hosts().isEmpty() ? hosts : url.hosts();
        port = url.port() == null ? port : url.port();
        targetSessionAttrs = url.targetSessionAttrs() == null ? targetSessionAttrs : url.targetSessionAttrs();
        loadBalanced = url.loadBalanced() == null ? loadBalanced : url.loadBalanced();
        database = url.database() == null ? database : url.database();
        user = url.user() == null ? user : url.user();
        password = url.password() == null ? password : url.password();
        serverSettings(url.serverSettings());
        if (url.sslMode() != null) {
            DatabaseKeys.SSL_MODE.set().accept(this, url.sslMode());
        }
        if (url.sslRootCert() != null) {
            DatabaseKeys.SSL_ROOT_CERT.set().accept(this, Optional.of(url.sslRootCert()));
        }
    }
}
