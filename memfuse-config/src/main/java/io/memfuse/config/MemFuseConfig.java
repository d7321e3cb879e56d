package io.memfuse.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The configuration of one platform: the root of the YAML file. Immutable and thread-safe; its {@code toString} shows no
 * secret.
 *
 * @param databases the section {@code databases}, in the order of the file
 * @param connectionPool the section {@code connection_pool}
 * @param services the section {@code services}: the settings of each service as they are written. Which there are is known
 *     when the platform is put together, and they are checked then
 * @param monitoring the section {@code monitoring}
 * @param origins where each value comes from
 */
public record MemFuseConfig(
        List<DatabaseConfig> databases,
        ConnectionPoolConfig connectionPool,
        Map<String, Map<String, String>> services,
        MonitoringConfig monitoring,
        Origins origins) {

    public MemFuseConfig {
        databases = List.copyOf(databases);
        Objects.requireNonNull(connectionPool, "connectionPool");
        services = Map.copyOf(services);
        Objects.requireNonNull(monitoring, "monitoring");
        Objects.requireNonNull(origins, "origins");
    }

    /** Makes the configuration in a program, without a file. */
    public MemFuseConfig(ConnectionPoolConfig connectionPool) {
        this(List.of(), connectionPool, Map.of(), MonitoringConfig.DEFAULT, Origins.none());
    }

    /**
     * Reads a file, with the variables of the process's environment.
     *
     * @throws ConfigException if anything is wrong with it; lists everything that is
     */
    public static MemFuseConfig load(Path file) {
        return ConfigReader.create().read(file);
    }

    /** Returns every database, each name once: {@code databases}, then those that only {@code warmup_configs} describes. */
    public List<DatabaseConfig> allDatabases() {
        Map<String, DatabaseConfig> byName = new LinkedHashMap<>();
        databases.forEach(database -> byName.put(database.name(), database));
        connectionPool.warmupConfigs().forEach(database -> byName.putIfAbsent(database.name(), database));
        return List.copyOf(byName.values());
    }
}
