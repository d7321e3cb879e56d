package io.memfuse.core.service;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A setting of one kind of service: declared by its factory, set by configuration, read by the factory when it makes a
 * service. Immutable and thread-safe.
 *
 * @param <T> the value
 */
public sealed interface ServiceSetting<T> {

    /** Returns the name by which configuration sets it, in lower case with underscores: {@code batch_size}. */
    String name();

    /** Returns what holds unless it is set. */
    T fallback();

    /** Returns the least that is accepted. */
    T min();

    /** Returns the most that is accepted. */
    T max();

    /** Returns what it does, for people, in one line. */
    String meaning();

    /** A whole number. */
    record Count(String name, Integer fallback, Integer min, Integer max, String meaning)
            implements ServiceSetting<Integer> {

        /** @throws IllegalArgumentException if the name is not one, or the fallback out of range */
        public Count {
            check(name, fallback, min, max, meaning);
        }
    }

    /** A duration; zero is a value like others. */
    record Time(String name, Duration fallback, Duration min, Duration max, String meaning)
            implements ServiceSetting<Duration> {

        /** @throws IllegalArgumentException if the name is not one, or the fallback out of range */
        public Time {
            check(name, fallback, min, max, meaning);
        }
    }

    private static <T extends Comparable<T>> void check(String name, T fallback, T min, T max, String meaning) {
        Objects.requireNonNull(meaning, "meaning");
        if (!Pattern.matches("[a-z][a-z0-9_]*", name)) {
            throw new IllegalArgumentException("'" + name + "' is no name of a setting: lower case with underscores");
        }
        if (fallback.compareTo(min) < 0 || fallback.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " is " + fallback + "; accepted: " + min + " to " + max);
        }
    }
}
