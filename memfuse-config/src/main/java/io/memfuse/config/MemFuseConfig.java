package io.memfuse.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The configuration of one platform: the root of the YAML file. Immutable and thread-safe; its {@code toString} shows no
 * secret.
 *
 * @param connectionPool the section {@code connection_pool}
 * @param origins where each value comes from
 */
public record MemFuseConfig(ConnectionPoolConfig connectionPool, Origins origins) {

    public MemFuseConfig {
        Objects.requireNonNull(connectionPool, "connectionPool");
        Objects.requireNonNull(origins, "origins");
    }

    /** Makes the configuration in a program, without a file. */
    public MemFuseConfig(ConnectionPoolConfig connectionPool) {
        this(connectionPool, Origins.none());
    }

    /**
     * Reads a file, with the variables of the process's environment.
     *
     * @throws ConfigException if anything is wrong with it; lists everything that is
     */
    public static MemFuseConfig load(Path file) {
        return ConfigReader.create().read(file);
    }
}
