package io.memfuse.core.pool;

import java.time.Duration;

/** The caller's thread was interrupted while it waited for a pool; its interrupt flag is set again. */
public final class PoolInterruptedException extends PoolException {

    private static final long serialVersionUID = 2L;

    /** The thread was interrupted after it had waited this long. */
    public PoolInterruptedException(PoolKey<?> key, Duration waited, InterruptedException cause) {
        this(key, "interrupted while waiting ", Circumstances.of(waited, null), cause);
    }

    /** The thread was interrupted after it had waited this long for a connection of an open pool. For adapters. */
    public PoolInterruptedException(PoolKey<?> key, Duration waited, PoolStats stats, InterruptedException cause) {
        this(key, "interrupted while waiting for a connection ", Circumstances.of(waited, stats), cause);
    }

    private PoolInterruptedException(
            PoolKey<?> key, String what, Circumstances circumstances, InterruptedException cause) {
        super("PoolInterrupted", PoolFailure.INTERRUPTED, key, what + circumstances.text(), circumstances, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
