package io.memfuse.core.lock;

import io.memfuse.core.time.Durations;
import java.time.Duration;

/** A thread waited for a lock as long as it was ready to. It has left the queue and does not hold the lock. */
public final class LockTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LockTimeoutException(String lock, LockHold.Mode mode, Duration waited, String state) {
        super("[MemFuse/LockTimeout] lock '" + lock + "': not granted to " + mode + " within "
                + Durations.format(waited) + " (" + state + "); a holder keeps it too long");
    }
}
