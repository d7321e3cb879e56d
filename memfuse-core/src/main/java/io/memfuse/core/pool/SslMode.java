package io.memfuse.core.pool;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether connections are encrypted, and how far the server has to prove who it is: the words of PostgreSQL's own clients. What
 * differs from libpq: {@link #REQUIRE} never looks at the certificate, also where there is a root certificate to be found, and
 * nothing is looked for in {@code ~/.postgresql}.
 */
public enum SslMode {
    /** Never encrypted. */
    DISABLE,
    /** Encrypted only if the server lets nobody in otherwise. */
    ALLOW,
    /** Encrypted if the server can; the default. */
    PREFER,
    /** Encrypted, or not at all; whoever the server is. */
    REQUIRE,
    /** Encrypted, and the server has a certificate of an authority that is trusted. */
    VERIFY_CA,
    /** Encrypted, and that certificate is for the host that was asked for. */
    VERIFY_FULL;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Returns the word for it in a configuration, such as {@code verify-full}. */
    public String word() {
        return word;
    }

    /** Returns all words, as in {@code disable, allow, …}. */
    public static String words() {
        return Arrays.stream(values()).map(SslMode::word).collect(Collectors.joining(", "));
    }

    /** Returns the mode of a word; empty if there is none. */
    public static Optional<SslMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word.equals(word)).findFirst();
    }

    /** Tells whether the server's certificate is looked at. */
    public boolean verifies() {
        return this == VERIFY_CA || this == VERIFY_FULL;
    }

    @Override
    public String toString() {
        return word;
    }
}
