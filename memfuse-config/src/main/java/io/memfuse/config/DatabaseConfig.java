package io.memfuse.config;

import io.memfuse.core.pool.PoolSpec;
import java.util.Objects;

/**
 * A database: an entry of {@code databases}, or one that {@code warmup_configs} describes itself. Immutable and thread-safe.
 *
 * @param name the name by which programs ask for it
 * @param spec what its pool needs, {@code defaults} already in it
 * @param pinned whether its pool stays open also when nobody uses it, or too many are
 */
public record DatabaseConfig(String name, PoolSpec spec, boolean pinned) {

    /** Name of the provider of a database that names none. */
    public static final String DEFAULT_PROVIDER = "hikari";

    /** @throws IllegalArgumentException if the name is blank */
    public DatabaseConfig {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name is empty");
        }
        Objects.requireNonNull(spec, "spec");
    }

    /** Makes a database that is pinned, as one that is warmed is unless it says otherwise. */
    public DatabaseConfig(String name, PoolSpec spec) {
        this(name, spec, true);
    }

    /** Returns the settings of its pool. */
    public PoolSettings settings() {
        return new PoolSettings(spec.limits(), spec.serverSettings(), spec.ssl());
    }
}
