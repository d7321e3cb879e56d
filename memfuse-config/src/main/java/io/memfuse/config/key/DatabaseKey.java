package io.memfuse.config.key;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.Section;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A key of a database, and what it is in the configuration.
 *
 * @param key the key
 * @param get gets its value, from a database that has been read
 * @param set sets its value, in one that is being read
 * @param <T> the value
 */
public record DatabaseKey<T>(Key<T> key, Function<DatabaseConfig, T> get, BiConsumer<DatabaseDraft, T> set) {

    public String name() {
        return key.name();
    }

    /** Returns the value of {@code database}, for people. */
    public String show(DatabaseConfig database) {
        return key.kind().show(get.apply(database));
    }

    /** Sets what {@code section} says, if it says it rightly. */
    public void read(Section section, DatabaseDraft draft) {
        section.get(key).ifPresent(value -> set.accept(draft, value));
    }
}
