package io.memfuse.config;

import io.memfuse.config.yaml.Shown;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceException;
import io.memfuse.core.service.ServiceResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configured databases by name, each with its durable resource. The services live on the first. Immutable. */
final class Databases {

    private final Map<String, Database<?>> byName;

    private Databases(Map<String, Database<?>> byName) {
        this.byName = byName;
    }

    private record Database<R>(PoolKey<R> key, R durable) {

        <T> T as(Class<T> type) {
            if (!type.isInstance(durable)) {
                throw new PoolConfigurationException(
                        key,
                        "offers a " + key.resourceType().getName() + ", not a " + type.getName() + "; ask for that");
            }
            return type.cast(durable);
        }
    }

    /** Registers every database; opens none. */
    static Databases register(MemFuseConfig config, Providers providers, PoolRegistry registry) {
        Map<PoolKey<?>, Database<?>> byKey = new HashMap<>();
        Map<String, Database<?>> byName = new LinkedHashMap<>();
        for (WarmupConfig warmup : config.connectionPool().warmupConfigs()) {
            PoolProvider<?> provider = providers.named(warmup.spec().provider());
            PoolKey<?> key = registry.register(warmup.spec(), provider.resourceType());
            if (warmup.pinned()) {
                registry.pin(key);
            }
            byName.putIfAbsent(warmup.name(), byKey.computeIfAbsent(key, k -> database(k, registry)));
        }
        return new Databases(byName);
    }

    private static <R> Database<R> database(PoolKey<R> key, PoolRegistry registry) {
        return new Database<>(key, registry.durable(key));
    }

    /** Returns the pools, each once, in the order of the configuration. */
    List<PoolKey<?>> keys() {
        var keys = new LinkedHashSet<PoolKey<?>>();
        byName.values().forEach(database -> keys.add(database.key));
        return new ArrayList<>(keys);
    }

    /** @throws PoolConfigurationException if there is no such database, or if it offers something else */
    <R> R resource(String name, Class<R> type) {
        Database<?> database = byName.get(name);
        if (database == null) {
            throw new PoolConfigurationException(
                    null, "no database is named " + Shown.quoted(name) + "; " + Nearest.hint(name, byName.keySet()));
        }
        return database.as(type);
    }

    /** Returns what the services of every user live on: the first database. */
    ServiceResources forServices() {
        Optional<Database<?>> first = byName.values().stream().findFirst();
        return new ServiceResources() {
            @Override
            public <R> R resource(String user, Class<R> type) {
                return first.orElseThrow(() -> ServiceException.noResource(
                                user, type, "no database is configured; add one to connection_pool.warmup_configs"))
                        .as(type);
            }
        };
    }
}
