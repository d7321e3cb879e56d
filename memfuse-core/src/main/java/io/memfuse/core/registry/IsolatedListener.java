package io.memfuse.core.registry;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.LoanCount;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.time.Durations;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a user's listener throws away from the pools, and tells who blocks them: the first failure and the first call that
 * took too long are logged, so that they are known. What is rare is always watched; what is on the way of a request now and
 * then, for it takes two readings of the clock.
 */
final class IsolatedListener implements PoolListener {

    private static final Logger LOG = LoggerFactory.getLogger(IsolatedListener.class);

    /** A listener that only counts takes a thousandth of a millisecond; one that takes longer than this waits for something. */
    private static final long BLOCKS_NANOS = Duration.ofMillis(50).toNanos();

    /** Of the requests that are timed, so many are watched one. A power of two. */
    private static final int WATCHED_ONE_IN = 16;

    private final PoolListener listener;
    private final Ticker ticker;
    private final int oneIn;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicBoolean blocked = new AtomicBoolean();

    private IsolatedListener(PoolListener listener, Ticker ticker) {
        this.listener = listener;
        this.ticker = ticker;
        this.oneIn = powerOfTwo(listener);
    }

    /** Returns the listener isolated; NONE stays NONE, so that adapters can tell that nobody listens. */
    static PoolListener of(PoolListener listener) {
        return of(listener, Ticker.system());
    }

    /** As {@link #of(PoolListener)}, with another clock, which must not fail. */
    static PoolListener of(PoolListener listener, Ticker ticker) {
        return listener == NONE || listener instanceof IsolatedListener
                ? listener
                : new IsolatedListener(listener, ticker);
    }

    @Override
    public PoolListener forPool(PoolKey<?> key, LoanCount loans) {
        try {
            PoolListener forPool = listener.forPool(key, loans);
            return forPool == listener ? this : of(forPool, ticker);
        } catch (Throwable e) {
            failed(key, e);
            return NONE;
        }
    }

    @Override
    public int timesOneIn() {
        return oneIn;
    }

    @Override
    public void opened(PoolKey<?> key, long tookNanos) {
        tell(key, () -> listener.opened(key, tookNanos));
    }

    @Override
    public void openFailed(PoolKey<?> key, PoolException failure) {
        tell(key, () -> listener.openFailed(key, failure));
    }

    @Override
    public void connected(PoolKey<?> key, long tookNanos) {
        tell(key, () -> listener.connected(key, tookNanos));
    }

    @Override
    public void connectFailed(PoolKey<?> key, PoolException failure) {
        tell(key, () -> listener.connectFailed(key, failure));
    }

    // These two are on the way of a request, and allocate nothing.

    @Override
    public void acquired(PoolKey<?> key, long waitedNanos) {
        boolean watched = isWatched(waitedNanos);
        long startNanos = watched ? ticker.nanoTime() : 0;
        try {
            listener.acquired(key, waitedNanos);
        } catch (Throwable e) {
            failed(key, e);
        }
        if (watched) {
            tookSince(startNanos, key);
        }
    }

    @Override
    public void released(PoolKey<?> key, long heldNanos) {
        boolean watched = isWatched(heldNanos);
        long startNanos = watched ? ticker.nanoTime() : 0;
        try {
            listener.released(key, heldNanos);
        } catch (Throwable e) {
            failed(key, e);
        }
        if (watched) {
            tookSince(startNanos, key);
        }
    }

    /** The last bits of a time in nanoseconds pick at random. */
    private static boolean isWatched(long nanos) {
        return (nanos & (WATCHED_ONE_IN - 1)) == 0;
    }

    @Override
    public void timedOut(PoolKey<?> key, long waitedNanos) {
        tell(key, () -> listener.timedOut(key, waitedNanos));
    }

    @Override
    public void refused(PoolKey<?> key, PoolException failure) {
        tell(key, () -> listener.refused(key, failure));
    }

    @Override
    public void leaked(PoolKey<?> key, ConnectionHolder holder) {
        tell(key, () -> listener.leaked(key, holder));
    }

    @Override
    public void evicted(PoolKey<?> key) {
        tell(key, () -> listener.evicted(key));
    }

    @Override
    public void closed(PoolKey<?> key, DrainReport report) {
        tell(key, () -> listener.closed(key, report));
    }

    private static int powerOfTwo(PoolListener listener) {
        int oneIn = listener.timesOneIn();
        if (Integer.bitCount(oneIn) != 1 || oneIn < 1) {
            throw new IllegalArgumentException(
                    listener.getClass().getName() + " wants one of " + oneIn + " timed; accepted: a power of two");
        }
        return oneIn;
    }

    private void tell(PoolKey<?> key, Runnable event) {
        long startNanos = ticker.nanoTime();
        try {
            event.run();
        } catch (Throwable e) {
            failed(key, e);
        }
        tookSince(startNanos, key);
    }

    private void failed(PoolKey<?> key, Throwable failure) {
        if (failed.compareAndSet(false, true)) {
            try {
                LOG.warn("{}: the listener {} failed; reported once", key, name(), failure);
            } catch (Throwable unprintable) {
                LOG.warn("{}: the listener {} failed: {}; reported once", key, name(), Failures.describe(failure));
            }
        }
    }

    private void tookSince(long startNanos, PoolKey<?> key) {
        long tookNanos = ticker.nanoTime() - startNanos;
        if (tookNanos > BLOCKS_NANOS && blocked.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: the listener {} held up the pool for {}; it must not block; reported once",
                    key,
                    name(),
                    Durations.format(Duration.ofNanos(tookNanos)));
        }
    }

    private String name() {
        return listener.getClass().getName();
    }
}
