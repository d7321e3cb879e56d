package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database cannot be used: an attempt to open its pool failed, or failed a moment ago and the next attempt is not due
 * yet; or an open pool could make no connection for a borrower who waited for one. All callers that waited for one attempt get
 * this exception with the same kind and cause.
 */
public final class PoolOpenException extends PoolException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String reason;
    private final String text;
    private final @Nullable Duration nextAttemptIn;

    private PoolOpenException(
            PoolKey<?> key,
            FailureKind kind,
            String reason,
            String text,
            @Nullable Duration nextAttemptIn,
            @Nullable Throwable cause) {
        super("PoolOpenFailed", key, text, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.reason = reason;
        this.text = text;
        this.nextAttemptIn = nextAttemptIn;
    }

    /**
     * An attempt failed just now. For adapters.
     *
     * @param reason what went wrong, in the server's or driver's words, without a secret
     * @param took how long the attempt took
     */
    public static PoolOpenException attemptFailed(
            PoolKey<?> key, FailureKind kind, String reason, Duration took, @Nullable Throwable cause) {
        String text = "could not connect: " + reason + " (tried for " + Durations.format(took) + "); " + kind.advice();
        return new PoolOpenException(key, kind, reason, text, null, cause);
    }

    /** Returns the same failure for one of the callers that waited for the attempt, with that caller's stack. */
    public PoolOpenException forCaller() {
        return new PoolOpenException(Objects.requireNonNull(key()), kind, reason, text, null, this);
    }

    /**
     * Returns the same failure for a borrower of an open pool who waited for a connection that could not be made, with that
     * borrower's stack. For adapters.
     *
     * @param waited for how long the borrower waited
     * @param stats the pool at the end of that time
     */
    public PoolOpenException forWaiter(Duration waited, PoolStats stats) {
        String text = "no connection within " + Durations.format(waited) + " (" + stats + "): could not connect: "
                + reason + "; " + kind.advice();
        return new PoolOpenException(Objects.requireNonNull(key()), kind, reason, text, null, this);
    }

    /**
     * Returns the same failure for a caller that asks before the next attempt is due.
     *
     * @param nextAttemptIn until the next attempt
     */
    public PoolOpenException backingOff(Duration nextAttemptIn) {
        String text = "not available: the last attempt to connect failed: " + reason + "; next attempt in "
                + Durations.format(nextAttemptIn) + "; " + kind.advice();
        return new PoolOpenException(Objects.requireNonNull(key()), kind, reason, text, nextAttemptIn, this);
    }

    /** Returns why the database cannot be used. */
    public FailureKind kind() {
        return kind;
    }

    /** Returns what went wrong, in the server's or driver's words. */
    public String reason() {
        return reason;
    }

    /** Returns the time until the next attempt, if this caller came while the pool was backing off. */
    public Optional<Duration> nextAttemptIn() {
        return Optional.ofNullable(nextAttemptIn);
    }

    @Override
    public boolean retryable() {
        return kind.retryable();
    }
}
