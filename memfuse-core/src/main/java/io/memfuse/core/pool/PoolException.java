package io.memfuse.core.pool;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong with one pool. The message says which pool, what was tried, for how long, in what state the pool
 * was, and what to do; it starts with the stable code in brackets. It never contains a secret. What the message says is had by
 * methods too, the same for all: {@link #failure()} says what it is about.
 *
 * <p>Split by what a caller does about it: {@link PoolOpenException} (the database cannot be used),
 * {@link PoolTimeoutException} (it took too long), {@link PoolClosedException} (the pool is gone),
 * {@link PoolConfigurationException} (the request itself is wrong), {@link PoolInterruptedException} (the caller's thread was
 * interrupted).
 *
 * <p>Serialized, it keeps its message, {@link #code()} and {@link #failure()}, and nothing else.
 */
public abstract sealed class PoolException extends RuntimeException
        permits PoolClosedException,
                PoolConfigurationException,
                PoolInterruptedException,
                PoolOpenException,
                PoolTimeoutException {

    private static final long serialVersionUID = 2L;

    private final String code;
    private final PoolFailure failure;
    private final transient @Nullable PoolKey<?> key;
    private final transient @Nullable Circumstances circumstances;

    PoolException(
            String code,
            PoolFailure failure,
            @Nullable PoolKey<?> key,
            String text,
            Circumstances circumstances,
            @Nullable Throwable cause) {
        super("[MemFuse/" + code + "] " + (key == null ? "" : key + ": ") + Objects.requireNonNull(text), cause);
        this.code = code;
        this.failure = failure;
        this.key = key;
        this.circumstances = circumstances;
    }

    private Circumstances circumstances() {
        return circumstances == null ? Circumstances.UNKNOWN : circumstances;
    }

    /** Returns the stable name of what went wrong, such as {@code PoolTimeout}. */
    public final String code() {
        return code;
    }

    /** Returns what it is about. */
    public final PoolFailure failure() {
        return failure;
    }

    /** Returns the pool, or null if the request named none, or after deserialization. */
    public final @Nullable PoolKey<?> key() {
        return key;
    }

    /** Returns how long the caller waited; zero if it was refused at once, or if nobody knows. */
    public final Duration waited() {
        return circumstances().waited();
    }

    /** Returns the numbers of the pool at the end of that time; empty if there was no open pool to be asked. */
    public final Optional<PoolStats> stats() {
        return Optional.ofNullable(circumstances().stats());
    }

    /** Returns why the last attempt to connect failed; empty if it succeeded, or has nothing to do with it. */
    public final Optional<ConnectFailure> lastConnectFailure() {
        return Optional.ofNullable(circumstances().connectFailure());
    }

    /**
     * Returns the time until the next attempt to connect, if the caller came before it was due; zero if one is due or under
     * way. A new request makes no sense before.
     */
    public final Optional<Duration> nextAttemptIn() {
        return Optional.ofNullable(circumstances().nextAttemptIn());
    }

    /** Returns who holds the pool's connections, the longest first; empty unless holders are tracked and matter. */
    public final List<ConnectionHolder> holders() {
        return circumstances().holders();
    }

    /** Tells whether the same request may succeed later. */
    public abstract boolean retryable();
}
