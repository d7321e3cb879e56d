package io.memfuse.core.pool;

/**
 * Is told what happens to pools and their connections: the seam for metrics, logs and tests. Called on the thread to
 * which it happens, the request's own thread among them, so an implementation must be thread-safe, must not block and must
 * not call back into the pool. What it throws is caught and logged by the caller. Times are in nanoseconds, not
 * {@code Duration}s, because {@link #acquired} and {@link #released} are on the request path and must not allocate.
 */
public interface PoolListener {

    /** Listens to nothing; adapters may then leave out all measuring. */
    PoolListener NONE = new PoolListener() {};

    /** Of so many acquisitions one is timed and told, unless a listener wants more. */
    int USUALLY_ONE_IN = 32;

    /**
     * Returns who is told of one pool from now on: for listeners that keep something for each pool and want to find it
     * without a look-up. Asked once for each opening.
     *
     * @param loans tells at any time how often a connection of the pool that is opened was handed out: {@link #acquired} is not told
     *     of each
     */
    default PoolListener forPool(PoolKey<?> key, LoanCount loans) {
        return this;
    }

    /**
     * Returns of how many acquisitions one, picked at random, is to be timed and told. To time each would cost several times
     * what it is to take a free connection and to give it back (docs/adr/0019). A power of two, always the same; of several
     * listeners, the one who wants most decides, and an adapter whose connections cost more may time and tell all.
     * {@link #USUALLY_ONE_IN} unless overridden; 1 for all.
     */
    default int timesOneIn() {
        return USUALLY_ONE_IN;
    }

    /** A pool was opened; its first connection is usable. */
    default void opened(PoolKey<?> key, long tookNanos) {}

    /** An attempt to open a pool failed. */
    default void openFailed(PoolKey<?> key, PoolException failure) {}

    /** A physical connection was established. */
    default void connected(PoolKey<?> key, long tookNanos) {}

    /** An attempt to establish a physical connection failed, be it the first of a pool or one of a pool that runs. */
    default void connectFailed(PoolKey<?> key, PoolException failure) {}

    /** A connection was handed to a borrower, who waited for it so long; told of one in {@link #timesOneIn}. */
    default void acquired(PoolKey<?> key, long waitedNanos) {}

    /** A connection was given back by its borrower, who held it so long; told if {@link #acquired} was. */
    default void released(PoolKey<?> key, long heldNanos) {}

    /**
     * A borrower's time was up before he had a connection, whatever the reason that he was told: that none came back, that none
     * could be made, which {@link #connectFailed} tells by itself, or that the next pool was still being opened.
     */
    default void timedOut(PoolKey<?> key, long waitedNanos) {}

    /**
     * Somebody was refused, at once or while he waited, though his time was not up: the pool has no connection left and can make
     * none, or it could not be opened and the next attempt is not due.
     */
    default void refused(PoolKey<?> key, PoolException failure) {}

    /**
     * A connection has been held for longer than {@link HolderTracking#leakThreshold()}; told once for each loan that is tracked.
     */
    default void leaked(PoolKey<?> key, ConnectionHolder holder) {}

    /** A pool left the registry and is being drained; a new one may be opened beside it. */
    default void evicted(PoolKey<?> key) {}

    /** A pool was closed. */
    default void closed(PoolKey<?> key, DrainReport report) {}
}
