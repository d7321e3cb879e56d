package io.memfuse.core.pool;

import java.time.Duration;

/**
 * The pool drains or is closed, its database was removed, or the whole registry is closed. Whoever holds a durable resource
 * never sees the first.
 */
public final class PoolClosedException extends PoolException {

    private static final long serialVersionUID = 2L;

    private PoolClosedException(PoolFailure failure, PoolKey<?> key, String text, Circumstances circumstances) {
        super("PoolClosed", failure, key, text, circumstances, null);
    }

    /** This pool drains or is closed; the registry can open another. For adapters that know no more. */
    public static PoolClosedException drained(PoolKey<?> key) {
        return drained(key, Circumstances.UNKNOWN, "this pool was closed");
    }

    /**
     * This pool drains or is closed; the registry can open another. For adapters.
     *
     * @param waited how long the borrower waited until he was sent away; zero for one who is refused at once
     * @param stats the pool as it drains
     */
    public static PoolClosedException drained(PoolKey<?> key, Duration waited, PoolStats stats) {
        Circumstances circumstances = Circumstances.of(waited, stats);
        return drained(key, circumstances, "this pool drains: sent away " + circumstances.text());
    }

    private static PoolClosedException drained(PoolKey<?> key, Circumstances circumstances, String text) {
        return new PoolClosedException(
                PoolFailure.DRAINING, key, text + "; ask the registry for the next one", circumstances);
    }

    /** The registry is closed, and with it every pool for good. */
    public static PoolClosedException registryClosed(PoolKey<?> key) {
        return new PoolClosedException(
                PoolFailure.CLOSED, key, "MemFuse is shut down; use it only while it is open", Circumstances.UNKNOWN);
    }

    /** The database was removed from the registry, and with it what was made durable for it. */
    public static PoolClosedException removed(PoolKey<?> key) {
        return new PoolClosedException(
                PoolFailure.REMOVED,
                key,
                "this database was removed from MemFuse; register it to use it again",
                Circumstances.UNKNOWN);
    }

    @Override
    public boolean retryable() {
        return failure() == PoolFailure.DRAINING;
    }
}
