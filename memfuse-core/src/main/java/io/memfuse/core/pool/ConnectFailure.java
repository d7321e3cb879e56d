package io.memfuse.core.pool;

import java.util.Objects;

/**
 * Why an attempt to connect failed. Immutable and thread-safe.
 *
 * @param kind what it comes down to
 * @param reason what went wrong, in the server's or driver's words, without a secret
 */
public record ConnectFailure(FailureKind kind, String reason) {

    public ConnectFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
    }

    /** Returns the reason, and what can be done about it. */
    @Override
    public String toString() {
        return reason + "; " + kind.advice();
    }
}
