package io.memfuse.core.pool;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A password. Its text comes out of {@link #reveal()} only: {@code toString} is redacted, so that a secret cannot reach a
 * log, a message or a metric by accident. Thread-safe.
 *
 * <p>One that is {@link #renewable} may change: when a login is refused, its source is asked for the text of now, so that a
 * rotated password needs no restart. All that share the secret then have the new text.
 */
public final class Secret {

    private static final Secret NONE = new Secret("", null);

    private volatile @Nullable Supplier<Optional<String>> source;
    private volatile String text;

    private Secret(String text, @Nullable Supplier<Optional<String>> source) {
        this.text = text;
        this.source = source;
    }

    /** Returns a secret of this text. */
    public static Secret of(String text) {
        return Objects.requireNonNull(text, "text").isEmpty() ? NONE : new Secret(text, null);
    }

    /**
     * Returns a secret of this text, until it is renewed.
     *
     * @param source gives the text of now, empty if it cannot be had; may block, and must not take longer than a login may.
     *     Never called under a lock, by several threads at once perhaps
     */
    public static Secret renewable(String text, Supplier<Optional<String>> source) {
        return new Secret(Objects.requireNonNull(text, "text"), Objects.requireNonNull(source, "source"));
    }

    /** Returns the absent password, for databases that ask for none. */
    public static Secret none() {
        return NONE;
    }

    /** Returns the text. For the call that logs in, and nothing else. */
    public String reveal() {
        return text;
    }

    /**
     * Asks the source for the text of now, after a login with {@code refused} was refused; does not ask if somebody else has
     * done so meanwhile. Blocks as long as the source does.
     *
     * @return whether the text is another one than {@code refused}, so that a new attempt makes sense
     */
    public boolean renew(String refused) {
        Supplier<Optional<String>> asked = source;
        if (asked != null && text.equals(refused)) {
            try {
                asked.get().ifPresent(now -> text = now);
            } catch (RuntimeException unavailable) {
                // The refusal is what the caller reports: it holds whether or not there was another text to be had.
                return false;
            }
        }
        return !text.equals(refused);
    }

    /**
     * Is renewed from now on as {@code other} is, where a configuration says that the same text comes from elsewhere. Does nothing
     * if the texts differ, or if there is none.
     */
    public void renewAs(Secret other) {
        if (!isEmpty() && equals(other)) {
            source = other.source;
        }
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
