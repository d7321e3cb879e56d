package io.memfuse.config.platform;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.PrecacheConfig;
import io.memfuse.config.value.Nearest;
import io.memfuse.config.yaml.Shown;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolAlias;
import io.memfuse.core.service.ServiceException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of one configuration and what they stand for. Immutable; what an alias stands for may change.
 *
 * @param byName an alias for each database, in the order of the configuration
 * @param nameByUser the databases of the users that have one of their own
 */
public record NamedPools(Map<String, PoolAlias<?>> byName, Map<String, String> nameByUser) {

    public NamedPools {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        nameByUser = Map.copyOf(nameByUser);
    }

    public NamedPools(Map<String, PoolAlias<?>> byName, MemFuseConfig config) {
        this(byName, nameByUser(config));
    }

    /** Returns the databases of the users that have one of their own. */
    public static Map<String, String> nameByUser(MemFuseConfig config) {
        Map<String, String> nameByUser = new HashMap<>();
        for (PrecacheConfig entry : config.connectionPool().precacheConfigs()) {
            if (entry.database() != null) {
                nameByUser.put(entry.user(), entry.database());
            }
        }
        return nameByUser;
    }

    /**
     * Returns what is durable of a database.
     *
     * @throws PoolConfigurationException if there is no such database, or if it offers something else
     */
    public <R> R resource(String name, Class<R> type) {
        PoolAlias<?> alias = byName.get(name);
        if (alias == null) {
            throw new PoolConfigurationException(
                    null, "no database is named " + Shown.quoted(name) + "; " + Nearest.hint(name, byName.keySet()));
        }
        return as(alias, type);
    }

    /** Returns what the services of a user live on, or nothing if there is no database. */
    public <R> Optional<R> resourceOf(String user, Class<R> type) {
        return Optional.ofNullable(nameByUser.get(user))
                .or(() -> byName.keySet().stream().findFirst())
                .map(name -> resourceOf(user, name, type));
    }

    private <R> R resourceOf(String user, String name, Class<R> type) {
        PoolKey<?> key = keyOf(name);
        if (key != null && !type.isAssignableFrom(key.resourceType())) {
            throw ServiceException.noResource(
                    user,
                    type,
                    "they live on the database " + Shown.quoted(name) + ", whose provider is " + key.provider()
                            + "; name another one as the user's 'database' in precache_configs, or put another one first");
        }
        return resource(name, type);
    }

    private static <R> R as(PoolAlias<?> alias, Class<R> type) {
        Object durable = alias.durable();
        if (!type.isInstance(durable)) {
            PoolKey<?> key = alias.key();
            throw new PoolConfigurationException(
                    key, "offers a " + key.resourceType().getName() + ", not a " + type.getName() + "; ask for that");
        }
        return type.cast(durable);
    }

    /** Returns what each name stands for, in the order of the configuration. */
    public Map<String, PoolKey<?>> keys() {
        Map<String, PoolKey<?>> keys = new LinkedHashMap<>();
        byName.forEach((name, alias) -> keys.put(name, alias.key()));
        return Collections.unmodifiableMap(keys);
    }

    /** Returns what a name stands for, or null if there is no such name. */
    public @Nullable PoolKey<?> keyOf(String name) {
        PoolAlias<?> alias = byName.get(name);
        return alias == null ? null : alias.key();
    }

    /** Returns the pools that {@code config} wants open, in its order, each once. */
    public List<PoolKey<?>> warmed(MemFuseConfig config) {
        return keys(config.connectionPool().warmupConfigs().stream()).toList();
    }

    /** Returns the pools that {@code config} wants pinned. */
    public Set<PoolKey<?>> pinned(MemFuseConfig config) {
        return keys(config.allDatabases().stream().filter(DatabaseConfig::pinned))
                .collect(Collectors.toSet());
    }

    private Stream<PoolKey<?>> keys(Stream<DatabaseConfig> databases) {
        return databases
                .<PoolKey<?>>mapMulti((database, keys) -> {
                    PoolKey<?> key = keyOf(database.name());
                    if (key != null) {
                        keys.accept(key);
                    }
                })
                .distinct();
    }
}
