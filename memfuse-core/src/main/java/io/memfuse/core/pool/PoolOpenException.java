package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A database cannot be used: an attempt to open its pool failed, or failed a moment ago and the next attempt is not due
 * yet; or an open pool could make no connection for a borrower who waited for one, or knows that it cannot. All callers that
 * waited for one attempt get this exception with the same kind and cause.
 */
public final class PoolOpenException extends PoolException {

    private static final long serialVersionUID = 2L;

    private final FailureKind kind;
    private final String reason;
    private final String text;

    private PoolOpenException(
            PoolKey<?> key,
            ConnectFailure failure,
            String text,
            Circumstances circumstances,
            @Nullable Throwable cause) {
        super(
                "PoolOpenFailed",
                failure.kind().retryable() ? PoolFailure.DATABASE_DOWN : PoolFailure.MISCONFIGURED,
                key,
                text,
                circumstances,
                cause);
        this.kind = failure.kind();
        this.reason = failure.reason();
        this.text = text;
    }

    private ConnectFailure connectFailure() {
        return new ConnectFailure(kind, reason);
    }

    private PoolOpenException with(String newText, Circumstances circumstances) {
        return new PoolOpenException(Objects.requireNonNull(key()), connectFailure(), newText, circumstances, this);
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
        var failure = new ConnectFailure(kind, reason);
        return new PoolOpenException(key, failure, text, Circumstances.of(failure), cause);
    }

    /** Returns the same failure for one of the callers that waited for the attempt, with that caller's stack. */
    public PoolOpenException forCaller() {
        return with(text, Circumstances.of(connectFailure()));
    }

    /**
     * Returns the same failure for a borrower of an open pool who waited for a connection that could not be made, with that
     * borrower's stack. For adapters.
     *
     * @param waited for how long the borrower waited
     * @param stats the pool at the end of that time
     */
    public PoolOpenException forWaiter(Duration waited, PoolStats stats) {
        String newText = "no connection within " + Durations.format(waited) + " (" + stats + "): could not connect: "
                + connectFailure();
        return with(newText, Circumstances.of(waited, stats).with(connectFailure(), null));
    }

    /**
     * Returns the same failure for a borrower of an open pool that has no connection left, and is not going to have one before
     * the next attempt: he is not kept waiting for it. With that borrower's stack. For adapters.
     *
     * @param waited for how long the borrower waited until then; zero for one who is refused at once
     * @param stats the pool at the end of that time
     * @param nextAttemptIn until the next attempt; zero if it is under way
     */
    public PoolOpenException refused(Duration waited, PoolStats stats, Duration nextAttemptIn) {
        Circumstances circumstances = Circumstances.of(waited, stats).with(connectFailure(), nextAttemptIn);
        String newText = "refused " + circumstances.text()
                + ": no connection is left, and the last attempt to connect failed: " + reason + "; "
                + nextAttempt(nextAttemptIn) + "; " + kind.advice();
        return with(newText, circumstances);
    }

    /**
     * Returns the same failure for a caller that asks before the next attempt is due.
     *
     * @param nextAttemptIn until the next attempt
     */
    public PoolOpenException backingOff(Duration nextAttemptIn) {
        String newText = "not available: the last attempt to connect failed: " + reason + "; "
                + nextAttempt(nextAttemptIn) + "; " + kind.advice();
        return with(newText, Circumstances.UNKNOWN.with(connectFailure(), nextAttemptIn));
    }

    private static String nextAttempt(Duration in) {
        return in.isZero() ? "the next attempt is under way" : "next attempt in " + Durations.format(in);
    }

    /** Returns why the database cannot be used. */
    public FailureKind kind() {
        return kind;
    }

    /** Returns what went wrong, in the server's or driver's words. */
    public String reason() {
        return reason;
    }

    @Override
    public boolean retryable() {
        return kind.retryable();
    }
}
