package io.memfuse.core.pool;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is needed to open one pool. Immutable and thread-safe; its {@code toString} shows no password.
 *
 * @param provider name of the {@link PoolProvider} that opens the pool
 * @param endpoints where the database is: on one server, or on several that stand in for each other
 * @param database name of the database
 * @param user user that logs in
 * @param password password of the user
 * @param limits sizes and times
 * @param serverSettings run-time parameters of the server that every connection starts with, such as
 *     {@code application_name}
 * @param ssl how connections are encrypted
 */
public record PoolSpec(
        String provider,
        Endpoints endpoints,
        String database,
        String user,
        Secret password,
        PoolLimits limits,
        Map<String, String> serverSettings,
        SslSettings ssl) {

    /** @throws IllegalArgumentException if a name is blank */
    public PoolSpec {
        requireText(provider, "provider");
        Objects.requireNonNull(endpoints, "endpoints");
        requireText(database, "database");
        requireText(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(serverSettings, "serverSettings");
        Objects.requireNonNull(ssl, "ssl");
        ssl = ssl.equals(SslSettings.DEFAULTS) ? SslSettings.DEFAULTS : ssl;
        // One empty map for all: thousands of databases may be registered, and few have settings.
        serverSettings =
                serverSettings.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(serverSettings));
    }

    private static void requireText(String value, String name) {
        if (Objects.requireNonNull(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " is empty");
        }
    }

    /** Returns this spec with other sizes and times. */
    public PoolSpec withLimits(PoolLimits newLimits) {
        return new PoolSpec(provider, endpoints, database, user, password, newLimits, serverSettings, ssl);
    }

    /** Returns this spec for the same database elsewhere. */
    public PoolSpec withEndpoints(Endpoints newEndpoints) {
        return new PoolSpec(provider, newEndpoints, database, user, password, limits, serverSettings, ssl);
    }

    /** Starts a spec for a database; host {@code localhost}, port 5432, user {@code postgres} unless set. */
    public static Builder builder(String provider, String database) {
        return new Builder(provider, database);
    }

    /** Builds a {@link PoolSpec}. Not thread-safe. */
    public static final class Builder {

        private final String provider;
        private final String database;
        private String host = "localhost";
        private int port = 5432;
        private @Nullable Endpoints endpoints;
        private String user = "postgres";
        private Secret password = Secret.none();
        private PoolLimits limits = PoolLimits.DEFAULTS;
        private Map<String, String> serverSettings = Map.of();
        private SslMode sslMode = SslSettings.DEFAULTS.mode();
        private Optional<Path> sslRootCert = Optional.empty();

        private Builder(String provider, String database) {
            this.provider = provider;
            this.database = database;
        }

        /** Sets name or address of the database server, or the directory of its Unix-domain socket. */
        public Builder host(String newHost) {
            this.host = newHost;
            return this;
        }

        /** Sets the TCP port of the database server. */
        public Builder port(int newPort) {
            this.port = newPort;
            return this;
        }

        /** Sets where the database is, if it is more than one host and port; goes before those. */
        public Builder endpoints(Endpoints newEndpoints) {
            this.endpoints = Objects.requireNonNull(newEndpoints, "endpoints");
            return this;
        }

        /** Sets the user that logs in. */
        public Builder user(String newUser) {
            this.user = newUser;
            return this;
        }

        /** Sets the password of the user. */
        public Builder password(Secret newPassword) {
            this.password = newPassword;
            return this;
        }

        /** Sets sizes and times. */
        public Builder limits(PoolLimits newLimits) {
            this.limits = newLimits;
            return this;
        }

        /** Sets the run-time parameters of the server that every connection starts with. */
        public Builder serverSettings(Map<String, String> newServerSettings) {
            this.serverSettings = newServerSettings;
            return this;
        }

        /** Sets whether connections are encrypted, and how far the server has to prove who it is; {@code prefer} unless set. */
        public Builder sslMode(SslMode newMode) {
            this.sslMode = Objects.requireNonNull(newMode, "sslMode");
            return this;
        }

        /** Sets the file with the certificates, in PEM, of the authorities that are trusted; the JVM's own unless set. */
        public Builder sslRootCert(Path newRootCert) {
            this.sslRootCert = Optional.of(Objects.requireNonNull(newRootCert, "sslRootCert"));
            return this;
        }

        /**
         * Returns the spec.
         *
         * @throws IllegalArgumentException if a name is blank, the port out of range, or there are trusted certificates and a
         *     mode that would not look at them
         */
        public PoolSpec build() {
            return new PoolSpec(
                    provider,
                    endpoints == null ? Endpoints.of(host, port) : endpoints,
                    database,
                    user,
                    password,
                    limits,
                    serverSettings,
                    new SslSettings(sslMode, sslRootCert));
        }
    }
}
