package io.memfuse.core.pool;

/** The pool drains or is closed, or the whole registry is. Whoever holds a durable resource sees only the latter. */
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

    @Override
    public boolean retryable() {
        return retryable;
    }
}
