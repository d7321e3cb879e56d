package io.memfuse.core.pool;

import java.util.Objects;

/**
 * The identity of a pool: provider, where the database is, its name and the user; never the password. Two names with one key share one
 * pool. Immutable, thread-safe, and its hash is computed once. Keep the key that the registry returned and use that one:
 * finding a pool by the same object is several times faster than by an equal one.
 *
 * @param <R> what callers use of the pool, such as {@code javax.sql.DataSource}
 */
public final class PoolKey<R> {

    private final Class<R> resourceType;
    private final String provider;
    private final Endpoints endpoints;
    private final String database;
    private final String user;
    private final String text;
    private final int hash;

    private PoolKey(Class<R> resourceType, String provider, Endpoints endpoints, String database, String user) {
        this.resourceType = resourceType;
        this.provider = provider;
        this.endpoints = endpoints;
        this.database = database;
        this.user = user;
        this.text = provider + "://" + user + "@" + endpoints + "/" + database + endpoints.parameters();
        this.hash = Objects.hash(resourceType, provider, endpoints, database, user);
    }

    /** Returns the key of the pool that {@code spec} describes. */
    public static <R> PoolKey<R> of(PoolSpec spec, Class<R> resourceType) {
        Objects.requireNonNull(resourceType, "resourceType");
        return new PoolKey<>(resourceType, spec.provider(), spec.endpoints(), spec.database(), spec.user());
    }

    /** Returns the type of what callers use of the pool. */
    public Class<R> resourceType() {
        return resourceType;
    }

    /** Returns the name of the provider that opens the pool. */
    public String provider() {
        return provider;
    }

    /** Returns where the database is. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Returns {@code host:port}, of each endpoint if there are several. */
    public String server() {
        return endpoints.toString();
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
                && key.resourceType == resourceType
                && key.provider.equals(provider)
                && key.endpoints.equals(endpoints)
                && key.database.equals(database)
                && key.user.equals(user);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Returns {@code provider://user@host:port/database}, with what is wanted of a session if it is anything. */
    @Override
    public String toString() {
        return text;
    }
}
