package io.memfuse.config;

import java.util.Map;
import java.util.Optional;

/**
 * Where the values of a configuration come from, by path. A value without an origin has its default, or was set by a
 * program. Immutable and thread-safe.
 *
 * @param byPath the origin of each value, by paths such as {@code connection_pool.warmup_configs[0].port}
 */
public record Origins(Map<String, Origin> byPath) {

    private static final Origins NONE = new Origins(Map.of());

    public Origins {
        byPath = Map.copyOf(byPath);
    }

    /** Returns the origins of a configuration that a program made. */
    public static Origins none() {
        return NONE;
    }

    /** Returns the origin of the value at {@code path}, or of the mapping or list at it. */
    public Optional<Origin> of(String path) {
        return Optional.ofNullable(byPath.get(path));
    }
}
