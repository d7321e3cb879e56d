package io.memfuse.config.value;

import io.memfuse.config.yaml.Place;
import io.memfuse.config.yaml.Shown;
import io.memfuse.core.pool.Secret;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One value of the file after variables and files were put in.
 *
 * @param text what it says
 * @param place where it stands
 * @param environment whether the text, or a part of it, comes from the environment: a variable, a file, or a secret
 * @param renewal gives the text of now, empty if it cannot be had; null if the text does not change
 */
public record Value(
        String text,
        Place place,
        boolean environment,
        @Nullable Supplier<Optional<String>> renewal) {

    /** Makes a value that does not change. */
    public Value(String text, Place place, boolean environment) {
        this(text, place, environment, null);
    }

    /** Returns the value as a secret. */
    public Secret secret() {
        return renewal == null ? Secret.of(text) : Secret.renewable(text, renewal);
    }

    /** Returns the value for a message. What comes from the environment is not shown: it may be a secret. */
    public String shown() {
        return environment ? "the value of '${...}'" : Shown.quoted(text);
    }

    /** Returns where it stands, never what it says. */
    @Override
    public String toString() {
        return "value at " + place;
    }
}
