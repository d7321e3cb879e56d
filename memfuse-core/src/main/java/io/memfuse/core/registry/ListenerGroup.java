package io.memfuse.core.registry;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.LoanCount;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.util.List;
import java.util.stream.Stream;

/** Tells several listeners, each isolated from the others, one after the other in the order in which they were added. */
final class ListenerGroup implements PoolListener {

    private final PoolListener[] listeners;
    private final int oneIn;

    private ListenerGroup(PoolListener[] listeners) {
        this.listeners = listeners;
        this.oneIn =
                Stream.of(listeners).mapToInt(PoolListener::timesOneIn).min().orElse(1);
    }

    /** Returns who tells all of these; NONE if nobody listens. */
    static PoolListener of(List<PoolListener> listeners) {
        PoolListener[] isolated = listeners.stream()
                .map(IsolatedListener::of)
                .filter(listener -> listener != NONE)
                .toArray(PoolListener[]::new);
        return switch (isolated.length) {
            case 0 -> NONE;
            case 1 -> isolated[0];
            default -> new ListenerGroup(isolated);
        };
    }

    @Override
    public PoolListener forPool(PoolKey<?> key, LoanCount loans) {
        return of(Stream.of(listeners)
                .map(listener -> listener.forPool(key, loans))
                .toList());
    }

    /** Returns the number of the one who wants to have most of them timed. */
    @Override
    public int timesOneIn() {
        return oneIn;
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        for (PoolListener listener : listeners) {
            listener.opened(key, tookNanos);
        }
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        for (PoolListener listener : listeners) {
            listener.openFailed(key, failure);
        }
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        for (PoolListener listener : listeners) {
            listener.connected(key, tookNanos);
        }
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        for (PoolListener listener : listeners) {
            listener.connectFailed(key, failure);
        }
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        for (PoolListener listener : listeners) {
            listener.acquired(key, waitedNanos);
        }
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        for (PoolListener listener : listeners) {
            listener.released(key, heldNanos);
        }
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        for (PoolListener listener : listeners) {
            listener.timedOut(key, waitedNanos);
        }
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        for (PoolListener listener : listeners) {
            listener.refused(key, failure);
        }
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        for (PoolListener listener : listeners) {
            listener.leaked(key, holder);
        }
    }

    @Override
    public void evicted(PoolKey<?> key) {
        for (PoolListener listener : listeners) {
            listener.evicted(key);
        }
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        for (PoolListener listener : listeners) {
            listener.closed(key, report);
        }
    }
}
