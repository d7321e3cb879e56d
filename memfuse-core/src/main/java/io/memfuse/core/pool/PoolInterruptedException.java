package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;

/** The caller's thread was interrupted while it waited for a pool; its interrupt flag is set again. */
public final class PoolInterruptedException extends PoolException {

    private static final long serialVersionUID = 1L;

    /** The thread was interrupted after it had waited this long. */
    public PoolInterruptedException(PoolKey<?> key, Duration waited, InterruptedException cause) {
        super("PoolInterrupted", key, "interrupted after waiting " + Durations.format(waited), cause);
    }

    /** The thread was interrupted while it waited for a connection of an open pool. For adapters. */
    public PoolInterruptedException(PoolKey<?> key, PoolStats stats, InterruptedException cause) {
        super("PoolInterrupted", key, "interrupted while waiting for a connection (" + stats + ")", cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
