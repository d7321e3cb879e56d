package io.memfuse.core.pool;

/**
 * The pool drains or is closed, its database was removed, or the whole registry is closed. Whoever holds a durable resource
 * never sees the first.
 */
public final class PoolClosedException extends PoolException {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private PoolClosedException(PoolKey<?> key, String text, boolean retryable) {
        super("PoolClosed", key, text, null);
        this.retryable = retryable;
    }

    /** This pool drains or is closed; the registry can open another. For adapters. */
    public static PoolClosedException drained(PoolKey<?> key) {
        return new PoolClosedException(key, "this pool was closed; ask the registry for the next one", true);
    }

    /** The registry is closed, and with it every pool for good. */
    public static PoolClosedException registryClosed(PoolKey<?> key) {
        return new PoolClosedException(key, "MemFuse is shut down; use it only while it is open", false);
    }

    /** The database was removed from the registry, and with it what was made durable for it. */
    public static PoolClosedException removed(PoolKey<?> key) {
        return new PoolClosedException(
                key, "this database was removed from MemFuse; register it to use it again", false);
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
