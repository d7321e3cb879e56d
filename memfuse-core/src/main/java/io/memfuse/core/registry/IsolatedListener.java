package io.memfuse.core.registry;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a user's listener throws away from the pools; the first failure is logged, so that it is known. */
final class IsolatedListener implements PoolListener {

    private static final Logger LOG = LoggerFactory.getLogger(IsolatedListener.class);

    private final PoolListener listener;
    private final int oneIn;
    private final AtomicBoolean reported = new AtomicBoolean();

    private IsolatedListener(PoolListener listener) {
        this.listener = listener;
        this.oneIn = powerOfTwo(listener);
    }

    /** Returns the listener isolated; NONE stays NONE, so that adapters can tell that nobody listens. */
    static PoolListener of(PoolListener listener) {
        return listener == NONE || listener instanceof IsolatedListener ? listener : new IsolatedListener(listener);
    }

    @Override
    public PoolListener forPool(PoolKey<?> key) {
        try {
            PoolListener forPool = listener.forPool(key);
            return forPool == listener ? this : of(forPool);
        } catch (Throwable e) {
            report(key, e);
            return NONE;
        }
    }

    @Override
    public int timesOneIn() {
        return oneIn;
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        try {
            listener.opened(key, tookNanos);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        try {
            listener.openFailed(key, failure);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        try {
            listener.connected(key, tookNanos);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        try {
            listener.connectFailed(key, failure);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        try {
            listener.acquired(key, waitedNanos);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        try {
            listener.released(key, heldNanos);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        try {
            listener.timedOut(key, waitedNanos);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        try {
            listener.refused(key, failure);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        try {
            listener.leaked(key, holder);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void evicted(PoolKey<?> key) {
        try {
            listener.evicted(key);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        try {
            listener.closed(key, report);
        } catch (Throwable e) {
            report(key, e);
        }
    }

    private static int powerOfTwo(PoolListener listener) {
        int oneIn = listener.timesOneIn();
        if (Integer.bitCount(oneIn) != 1 || oneIn < 1) {
            throw new IllegalArgumentException(
                    listener.getClass().getName() + " wants one of " + oneIn + " timed; accepted: a power of two");
        }
        return oneIn;
    }

    private void report(PoolKey<?> key, Throwable failure) {
        if (reported.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: the listener {} failed; reported once",
                    key,
                    listener.getClass().getName(),
                    failure);
        }
    }
}
