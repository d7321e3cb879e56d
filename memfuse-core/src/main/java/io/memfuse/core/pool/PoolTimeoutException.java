package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A caller waited as long as it was ready to: for a free connection, or for a pool to open. A retry may succeed. */
public final class PoolTimeoutException extends PoolException {

    private static final long serialVersionUID = 2L;

    private PoolTimeoutException(
            String code,
            PoolFailure failure,
            PoolKey<?> key,
            String text,
            Circumstances circumstances,
            @Nullable Throwable cause) {
        super(code, failure, key, text, circumstances, cause);
    }

    /** No connection became free. For adapters that do not track holders. */
    public static PoolTimeoutException exhausted(
            PoolKey<?> key, Duration waited, PoolStats stats, @Nullable Throwable cause) {
        return exhausted(key, waited, stats, List.of(), cause);
    }

    /**
     * No connection became free. For adapters.
     *
     * @param holders who holds the connections, the longest first; empty if that is not tracked
     */
    public static PoolTimeoutException exhausted(
            PoolKey<?> key,
            Duration waited,
            PoolStats stats,
            List<ConnectionHolder> holders,
            @Nullable Throwable cause) {
        Circumstances circumstances = Circumstances.of(waited, stats).heldBy(holders);
        String text = "no connection became free within " + Durations.format(waited) + " (" + stats
                + "); raise max_size, or look for connections that are held too long" + circumstances.held();
        return new PoolTimeoutException("PoolExhausted", PoolFailure.POOL_FULL, key, text, circumstances, cause);
    }

    /** The pool was still being opened. */
    public static PoolTimeoutException stillOpening(PoolKey<?> key, Duration waited, Duration openingFor) {
        String text = "still opening after " + Durations.format(openingFor) + " (waited " + Durations.format(waited)
                + "); the opening goes on; raise timeout, or check that the server answers";
        return new PoolTimeoutException(
                "PoolOpening", PoolFailure.OPENING, key, text, Circumstances.of(waited, null), null);
    }

    /**
     * The pool has fewer connections than asked for. For adapters.
     *
     * @param stats null where they are not known, and to ask for them may take a while
     * @param cause why the last attempt to connect failed, if it did
     */
    public static PoolTimeoutException notWarm(
            PoolKey<?> key, Duration waited, @Nullable PoolStats stats, @Nullable Throwable cause) {
        String what = stats == null
                ? "not filled to its minimum after "
                : "only " + stats.total() + " of " + stats.minSize() + " connections after ";
        String text = what + Durations.format(waited) + "; the pool serves with those that it has and goes on filling";
        ConnectFailure failure =
                cause instanceof PoolOpenException open ? new ConnectFailure(open.kind(), open.reason()) : null;
        return new PoolTimeoutException(
                "PoolNotWarm",
                PoolFailure.NOT_WARM,
                key,
                text,
                Circumstances.of(waited, stats).with(failure, null),
                cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
