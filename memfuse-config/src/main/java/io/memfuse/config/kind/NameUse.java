package io.memfuse.config.kind;

import io.memfuse.config.ConnectionPoolConfig;
import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuseConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * A name of a provider or a service in a configuration. Who answers to it is known only when the platform is put together.
 *
 * @param kind of what it is the name
 * @param path where it is used, such as {@code connection_pool.warmup_configs[0].provider}
 * @param name the name
 */
public record NameUse(Kind kind, String path, String name) {

    /** Of what something is the name. */
    public enum Kind {
        PROVIDER,
        SERVICE
    }

    /** Returns all names of a configuration in which nothing was wrong, or that a program made. */
    public static List<NameUse> of(MemFuseConfig config) {
        List<NameUse> uses = new ArrayList<>();
        for (DatabaseConfig database : config.databases()) {
            uses.add(provider("databases." + database.name(), database));
        }
        ConnectionPoolConfig pools = config.connectionPool();
        for (int i = 0; i < pools.warmupConfigs().size(); i++) {
            DatabaseConfig database = pools.warmupConfigs().get(i);
            if (!config.databases().contains(database)) {
                uses.add(provider("connection_pool.warmup_configs[" + i + "]", database));
            }
        }
        for (int i = 0; i < pools.precacheConfigs().size(); i++) {
            List<String> services = pools.precacheConfigs().get(i).services();
            for (int j = 0; j < services.size(); j++) {
                String path = "connection_pool.precache_configs[" + i + "].services[" + j + "]";
                uses.add(new NameUse(Kind.SERVICE, path, services.get(j)));
            }
        }
        config.services().keySet().forEach(name -> uses.add(new NameUse(Kind.SERVICE, "services." + name, name)));
        return uses;
    }

    private static NameUse provider(String path, DatabaseConfig database) {
        return new NameUse(Kind.PROVIDER, path + ".provider", database.spec().provider());
    }
}
