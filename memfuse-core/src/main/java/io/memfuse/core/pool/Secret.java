package io.memfuse.core.pool;

import java.util.Objects;

/**
 * A password. Its text comes out of {@link #reveal()} only: {@code toString} is redacted, so that a secret cannot reach a
 * log, a message or a metric by accident. Immutable and thread-safe.
 */
public final class Secret {

    private static final Secret NONE = new Secret("");

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** Returns a secret of this text. */
    public static Secret of(String text) {
        return Objects.requireNonNull(text, "text").isEmpty() ? NONE : new Secret(text);
    }

    /** Returns the absent password, for databases that ask for none. */
    public static Secret none() {
        return NONE;
    }

    /** Returns the text. For the call that logs in, and nothing else. */
    public String reveal() {
        return text;
    }

    /** Tells whether there is no password. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    /** Returns a constant: a hash of the text would say something about it. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    /** Returns {@code [secret]}, never the text. */
    @Override
    public String toString() {
        return "[secret]";
    }
}
