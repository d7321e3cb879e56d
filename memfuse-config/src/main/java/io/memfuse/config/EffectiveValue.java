package io.memfuse.config;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that a platform works with, and where it comes from. Immutable and thread-safe; contains no secret.
 *
 * @param path what it is, such as {@code databases.orders.max_size}
 * @param value the value, for people; {@code [secret]} for a secret
 * @param from where it comes from; null if it is built in
 */
public record EffectiveValue(
        String path, String value, @Nullable Origin from) {

    public EffectiveValue {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(value, "value");
    }

    /** Returns where the value comes from; empty if it is built in, or was set by a program. */
    public Optional<Origin> origin() {
        return Optional.ofNullable(from);
    }
}
