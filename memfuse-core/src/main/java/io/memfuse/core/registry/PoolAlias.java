package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import java.util.Objects;

/**
 * Stands for a database that may become another one: {@link RegistryChange} moves it. What is durable stays the same and
 * leads to the pool of the moment. Thread-safe. (After the aliases of Elasticsearch, which move between indexes in one step.)
 *
 * @param <R> what callers use of the pool
 */
public final class PoolAlias<R> {

    private final MovableRoute<R> route;
    private final R durable;

    PoolAlias(PoolRoute<R> first, PoolProvider<R> provider) {
        this.route = new MovableRoute<>(first);
        this.durable = Objects.requireNonNull(provider.durable(route), "no durable resource");
    }

    /** Returns the key of the database that it stands for at the moment. */
    public PoolKey<R> key() {
        return route.key();
    }

    /**
     * Returns what callers may keep for the life of the registry; the same each time. Finding an open pool through it costs one
     * read more than through {@link PoolRegistry#durable}. Who waits for a database that is being opened when the alias is
     * moved waits for the next one, for as long as that one's {@code timeout}.
     */
    public R durable() {
        return durable;
    }

    PoolRoute<R> followed() {
        return route.followed();
    }

    /** Decided under the registry's lock. */
    void moveTo(PoolRoute<R> next) {
        route.follow(next);
    }

    @Override
    public String toString() {
        return "alias of " + key();
    }
}
