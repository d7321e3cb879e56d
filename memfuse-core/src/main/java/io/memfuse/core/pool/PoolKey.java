package io.memfuse.core.pool;

import java.util.Objects;

/**
 * The identity of a pool: provider, host, port, database and user; never the password. Two names with one key share one
 * pool. Immutable, thread-safe, and its hash is computed once. Keep the key that the registry returned and use that one:
 * finding a pool by the same object is several times faster than by an equal one.
 *
 * @param <R> what callers use of the pool, such as {@code javax.sql.DataSource}
 */
public final class PoolKey<R> {

    private final Class<R> resourceType;
    private final String provider;
    private final String host;
    private final int port;
    private final String database;
    private final String user;
    private final String text;
    private final int hash;

    private PoolKey(Class<R> resourceType, String provider, String host, int port, String database, String user) {
        this.resourceType = resourceType;
        this.provider = provider;
        this.host = host;
        this.port = port;
        this.database = database;
        this.user = user;
        this.text = provider + "://" + user + "@" + address(host, port) + "/" + database;
        this.hash = Objects.hash(resourceType, provider, host, port, database, user);
    }

    /** Returns the key of the pool that {@code spec} describes. */
    public static <R> PoolKey<R> of(PoolSpec spec, Class<R> resourceType) {
        Objects.requireNonNull(resourceType, "resourceType");
        return new PoolKey<>(
                resourceType, spec.provider(), Hosts.canonical(spec.host()), spec.port(), spec.database(), spec.user());
    }

    /** Returns the type of what callers use of the pool. */
    public Class<R> resourceType() {
        return resourceType;
    }

    /** Returns the name of the provider that opens the pool. */
    public String provider() {
        return provider;
    }

    /** Returns the host in canonical form, without brackets. */
    public String host() {
        return host;
    }

    /** Returns the port. */
    public int port() {
        return port;
    }

    /** Returns {@code host:port}, by which pools of one server are known as such. */
    public String server() {
        return address(host, port);
    }

    private static String address(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Returns the name of the database on its server. */
    public String database() {
        return database;
    }

    /** Returns the user that logs in. */
    public String user() {
        return user;
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof PoolKey<?> key
                && key.hash == hash
                && key.port == port
                && key.resourceType == resourceType
                && key.provider.equals(provider)
                && key.host.equals(host)
                && key.database.equals(database)
                && key.user.equals(user);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Returns {@code provider://user@host:port/database}. */
    @Override
    public String toString() {
        return text;
    }
}
