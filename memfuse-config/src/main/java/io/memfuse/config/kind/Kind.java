package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.util.Map;
import java.util.Optional;

/**
 * What the value of a key may be: how it is read, what is accepted, how it is shown, what the JSON Schema says of it.
 *
 * @param <T> the value
 */
public interface Kind<T> {

    /** Returns the value under {@code key}; empty if there is none, or if it is wrong, which is then reported. */
    Optional<T> read(Section section, String key);

    /** Returns the value as the file would write it, on one line and without a secret. */
    String show(T value);

    /** Returns what is accepted, for people: {@code 1 to 65535}. */
    String accepted();

    /** Returns what the JSON Schema says of it. */
    Map<String, Object> schema();

    /** A kind that is one value of the file. */
    interface OfValue<T> extends Kind<T> {

        /** Returns the value; empty if it is wrong, which is then reported. */
        Optional<T> parse(Value value, Problems problems);

        @Override
        default Optional<T> read(Section section, String key) {
            return section.value(key).flatMap(value -> parse(value, section.problems()));
        }
    }
}
