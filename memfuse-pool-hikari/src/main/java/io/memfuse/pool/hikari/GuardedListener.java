package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what happens to connections; what the listener throws reaches nobody, and is logged the first time. */
final class GuardedListener {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final PoolKey<?> key;
    private final PoolListener listener;
    private final boolean listening;
    private final AtomicBoolean logged = new AtomicBoolean();

    GuardedListener(PoolKey<?> key, PoolListener listener) {
        this.key = key;
        this.listener = listener;
        this.listening = listener != PoolListener.NONE;
    }

    /** Tells whether anybody listens; if not, nothing need be measured. */
    boolean isListening() {
        return listening;
    }

    void connected(long tookNanos) {
        try {
            listener.connected(key, tookNanos);
        } catch (RuntimeException e) {
            log(e);
        }
    }

    void acquired(long waitedNanos) {
        try {
            listener.acquired(key, waitedNanos);
        } catch (RuntimeException e) {
            log(e);
        }
    }

    void released(long heldNanos) {
        try {
            listener.released(key, heldNanos);
        } catch (RuntimeException e) {
            log(e);
        }
    }

    void timedOut(long waitedNanos) {
        try {
            listener.timedOut(key, waitedNanos);
        } catch (RuntimeException e) {
            log(e);
        }
    }

    private void log(RuntimeException failure) {
        if (logged.compareAndSet(false, true)) {
            LOG.error("{}: a pool listener failed; logged this once", key, failure);
        }
    }
}
