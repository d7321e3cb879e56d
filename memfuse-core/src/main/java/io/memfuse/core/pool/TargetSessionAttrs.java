package io.memfuse.core.pool;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a session has to be like for its server to be taken: the words of PostgreSQL's own clients. */
public enum TargetSessionAttrs {
    /** Anything; the server is not asked. */
    ANY,
    /** It may write, unless it is told otherwise. */
    READ_WRITE,
    /** It may not write, unless it is told otherwise. */
    READ_ONLY,
    /** On a server that is no standby. */
    PRIMARY,
    /** On a standby. */
    STANDBY,
    /** On a standby; if none takes the login, anywhere. */
    PREFER_STANDBY;

    /** Asks a server what its sessions are like: one row with whether it is a standby, and {@code on} if they may not write. */
    public static final String QUERY =
            "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')";

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Returns the word for it in a configuration, such as {@code read-write}. */
    public String word() {
        return word;
    }

    /** Returns all words, as in {@code any, read-write, …}. */
    public static String words() {
        return Arrays.stream(values()).map(TargetSessionAttrs::word).collect(Collectors.joining(", "));
    }

    /** Returns that of a word; empty if there is none. */
    public static Optional<TargetSessionAttrs> of(String word) {
        return Arrays.stream(values()).filter(attrs -> attrs.word.equals(word)).findFirst();
    }

    /**
     * Returns why a session is not what is wanted; empty if it is.
     *
     * @param standby whether its server is a standby
     * @param readOnly whether it may not write
     */
    public Optional<ConnectFailure> refusal(boolean standby, boolean readOnly) {
        boolean fits = switch (this) {
            case ANY -> true;
            case READ_WRITE -> !readOnly;
            case READ_ONLY -> readOnly;
            case PRIMARY -> !standby;
            case STANDBY, PREFER_STANDBY -> standby;
        };
        String found = this == READ_WRITE || this == READ_ONLY
                ? "its sessions are " + (readOnly ? "read-only" : "read-write")
                : "it is " + (standby ? "a standby" : "no standby");
        return fits
                ? Optional.empty()
                : Optional.of(
                        new ConnectFailure(FailureKind.WRONG_SESSION, found + ", and target_session_attrs is " + word));
    }

    @Override
    public String toString() {
        return word;
    }
}
