package io.memfuse.config;

import io.memfuse.config.yaml.Shown;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceException;
import io.memfuse.core.service.ServiceResources;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configured databases by name, each with its durable resource. The services of a user live on the first, unless
 * {@code precache_configs} says otherwise. Immutable.
 */
final class Databases {

    private final Map<String, Database<?>> byName;
    private final List<PoolKey<?>> warmed;
    private final Map<String, String> nameByUser;

    private Databases(Map<String, Database<?>> byName, List<PoolKey<?>> warmed, Map<String, String> nameByUser) {
        this.byName = byName;
        this.warmed = warmed;
        this.nameByUser = nameByUser;
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
        for (DatabaseConfig database : config.allDatabases()) {
            PoolProvider<?> provider = providers.named(database.spec().provider());
            PoolKey<?> key = registry.register(database.spec(), provider.resourceType());
            if (database.pinned()) {
                registry.pin(key);
            }
            byName.put(database.name(), byKey.computeIfAbsent(key, k -> database(k, registry)));
        }
        List<PoolKey<?>> warmed = config.connectionPool().warmupConfigs().stream()
                .<PoolKey<?>>map(database -> required(byName, database.name()).key)
                .distinct()
                .toList();
        return new Databases(byName, warmed, nameByUser(config));
    }

    private static Map<String, String> nameByUser(MemFuseConfig config) {
        Map<String, String> nameByUser = new HashMap<>();
        for (PrecacheConfig entry : config.connectionPool().precacheConfigs()) {
            if (entry.database() != null) {
                nameByUser.put(entry.user(), entry.database());
            }
        }
        return nameByUser;
    }

    private static <R> Database<R> database(PoolKey<R> key, PoolRegistry registry) {
        return new Database<>(key, registry.durable(key));
    }

    /** Returns the pools that are opened at the start, each once, in the order of the configuration. */
    List<PoolKey<?>> warmed() {
        return warmed;
    }

    /** @throws PoolConfigurationException if there is no such database, or if it offers something else */
    <R> R resource(String name, Class<R> type) {
        return required(byName, name).as(type);
    }

    private static Database<?> required(Map<String, Database<?>> byName, String name) {
        Database<?> database = byName.get(name);
        if (database == null) {
            throw new PoolConfigurationException(
                    null, "no database is named " + Shown.quoted(name) + "; " + Nearest.hint(name, byName.keySet()));
        }
        return database;
    }

    /** Returns what the services of each user live on. */
    ServiceResources forServices() {
        Optional<Database<?>> first = byName.values().stream().findFirst();
        return new ServiceResources() {
            @Override
            public <R> R resource(String user, Class<R> type) {
                String name = nameByUser.get(user);
                if (name != null) {
                    return Databases.this.resource(name, type);
                }
                return first.orElseThrow(() -> ServiceException.noResource(
                                user, type, "no database is configured; add one to 'databases'"))
                        .as(type);
            }
        };
    }
}
