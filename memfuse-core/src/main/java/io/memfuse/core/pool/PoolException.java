package io.memfuse.core.pool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong with one pool. The message says which pool, what was tried, for how long, in what state the pool
 * was, and what to do; it starts with the stable code in brackets. It never contains a secret.
 *
 * <p>Split by what a caller does about it: {@link PoolOpenException} (the database cannot be used),
 * {@link PoolTimeoutException} (it took too long), {@link PoolClosedException} (the pool is gone),
 * {@link PoolConfigurationException} (the request itself is wrong), {@link PoolInterruptedException} (the caller's thread was
 * interrupted).
 */
public abstract sealed class PoolException extends RuntimeException
        permits PoolClosedException,
                PoolConfigurationException,
                PoolInterruptedException,
                PoolOpenException,
                PoolTimeoutException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient @Nullable PoolKey<?> key;

    PoolException(String code, @Nullable PoolKey<?> key, String text, @Nullable Throwable cause) {
        super("[MemFuse/" + code + "] " + (key == null ? "" : key + ": ") + Objects.requireNonNull(text), cause);
        this.code = code;
        this.key = key;
    }

    /** Returns the stable name of what went wrong, such as {@code PoolTimeout}. */
    public final String code() {
        return code;
    }

    /** Returns the pool, or null if the request named none, or after deserialization. */
    public final @Nullable PoolKey<?> key() {
        return key;
    }

    /** Tells whether the same request may succeed later. */
    public abstract boolean retryable();
}
