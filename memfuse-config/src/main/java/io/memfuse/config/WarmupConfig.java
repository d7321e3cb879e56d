package io.memfuse.config;

import io.memfuse.core.pool.PoolSpec;
import java.util.Objects;

/**
 * An entry of {@code warmup_configs}: a database whose pool is opened at the start. Immutable and thread-safe.
 *
 * @param name the name by which programs ask for it; the name of the database unless the entry has a {@code name}
 * @param spec what its pool needs, the section's settings already in it
 * @param pinned whether its pool stays open also when nobody uses it, or too many are
 */
public record WarmupConfig(String name, PoolSpec spec, boolean pinned) {

    /** Name of the provider of an entry that names none. */
    public static final String DEFAULT_PROVIDER = "hikari";

    /** @throws IllegalArgumentException if the name is blank */
    public WarmupConfig {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name is empty");
        }
        Objects.requireNonNull(spec, "spec");
    }

    /** Makes an entry that is pinned, as one is unless it says otherwise. */
    public WarmupConfig(String name, PoolSpec spec) {
        this(name, spec, true);
    }
}
