package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A caller waited as long as it was ready to: for a free connection, or for a pool to open. A retry may succeed. */
public final class PoolTimeoutException extends PoolException {

    private static final long serialVersionUID = 1L;

    private final Duration waited;

    private PoolTimeoutException(String code, PoolKey<?> key, String text, Duration waited, @Nullable Throwable cause) {
        super(code, key, text, cause);
        this.waited = waited;
    }

    /** No connection became free. For adapters. */
    public static PoolTimeoutException exhausted(
            PoolKey<?> key, Duration waited, PoolStats stats, @Nullable Throwable cause) {
        String text = "no connection became free within " + Durations.format(waited) + " (" + stats
                + "); raise max_size, or look for connections that are held too long";
        return new PoolTimeoutException("PoolExhausted", key, text, waited, cause);
    }

    /** The pool was still being opened. */
    public static PoolTimeoutException stillOpening(PoolKey<?> key, Duration waited, Duration openingFor) {
        String text = "still opening after " + Durations.format(openingFor) + " (waited " + Durations.format(waited)
                + "); the opening goes on; raise timeout, or check that the server answers";
        return new PoolTimeoutException("PoolOpening", key, text, waited, null);
    }

    /**
     * The pool has fewer connections than asked for. For adapters.
     *
     * @param stats null where they are not known, and to ask for them may take a while
     */
    public static PoolTimeoutException notWarm(
            PoolKey<?> key, Duration waited, @Nullable PoolStats stats, @Nullable Throwable cause) {
        String what = stats == null
                ? "not filled to its minimum after "
                : "only " + stats.total() + " of " + stats.minSize() + " connections after ";
        String text = what + Durations.format(waited) + "; the pool serves with those that it has and goes on filling";
        return new PoolTimeoutException("PoolNotWarm", key, text, waited, cause);
    }

    /** Returns how long the caller waited. */
    public Duration waited() {
        return waited;
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
