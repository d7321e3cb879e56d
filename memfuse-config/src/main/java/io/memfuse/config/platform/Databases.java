package io.memfuse.config.platform;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolAlias;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceException;
import io.memfuse.core.service.ServiceResources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The configured databases by name, each with its durable resource. The services of a user live on the first, unless
 * {@code precache_configs} says otherwise. Thread-safe; {@code NamesChange} changes it.
 */
public final class Databases {

    private volatile NamedPools now;

    /** Of names that are gone: what programs keep of them lives again when the name comes back. */
    private final Map<String, PoolAlias<?>> former = new ConcurrentHashMap<>();

    private Databases(NamedPools now) {
        this.now = now;
    }

    /** Registers every database; opens none. */
    public static Databases register(MemFuseConfig config, Providers providers, PoolRegistry registry) {
        Map<String, PoolAlias<?>> byName = new LinkedHashMap<>();
        for (DatabaseConfig database : config.allDatabases()) {
            PoolKey<?> key = registry.register(
                    database.spec(), providers.named(database.spec().provider()).resourceType());
            byName.put(database.name(), registry.alias(key));
        }
        var named = new NamedPools(byName, config);
        named.pinned(config).forEach(registry::pin);
        return new Databases(named);
    }

    public NamedPools now() {
        return now;
    }

    /** Returns the alias that a name had when it was there last, or null. */
    public @Nullable PoolAlias<?> former(String name) {
        return former.get(name);
    }

    /** Other names from now on. */
    public void become(NamedPools next) {
        NamedPools before = now;
        now = next;
        former.putAll(before.byName());
        former.keySet().removeAll(next.byName().keySet());
    }

    /**
     * Returns what is durable of a database.
     *
     * @throws PoolConfigurationException if there is no such database, or if it offers something else
     */
    public <R> R resource(String name, Class<R> type) {
        return now.resource(name, type);
    }

    /** Returns what the services of each user live on. */
    public ServiceResources forServices() {
        return new ServiceResources() {
            @Override
            public <R> R resource(String user, Class<R> type) {
                return now.resourceOf(user, type)
                        .orElseThrow(() -> ServiceException.noResource(
                                user, type, "no database is configured; add one to 'databases'"));
            }
        };
    }
}
