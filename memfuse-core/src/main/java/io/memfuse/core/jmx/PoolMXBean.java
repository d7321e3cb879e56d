package io.memfuse.core.jmx;

import io.memfuse.core.registry.PoolState;

/** One pool, as management tools show it. Times are those of the acquisitions that are timed, since the pool is known. */
public interface PoolMXBean {

    /** Returns where it is in its life. */
    PoolState getState();

    /** Returns why the last attempt to open it failed, or an empty text. */
    String getError();

    /** Returns for how long a failed pool is left alone, in milliseconds. */
    long getNextAttemptMillis();

    /** Returns its physical connections. */
    int getTotalConnections();

    /** Returns the connections in use. */
    int getActiveConnections();

    /** Returns the connections that are idle. */
    int getIdleConnections();

    /** Returns the borrowers that wait. */
    int getWaiting();

    /** Returns how long the borrower has waited who has waited longest, in milliseconds, at least; 0 if nobody waits. */
    long getOldestWaiterMillis();

    /** Returns the connections that are kept open, at least. */
    int getMinSize();

    /** Returns the connections at most. */
    int getMaxSize();

    /** Returns the leases that are held. */
    int getLeases();

    /** Returns the connections lent so far. */
    long getAcquired();

    /** Returns the borrowers that gave up waiting. */
    long getTimedOut();

    /** Returns the borrowers that were refused because no connection could be made. */
    long getRefused();

    /** Returns the connections that were reported to be held for too long. */
    long getLeaked();

    /** Returns the connections established so far. */
    long getConnected();

    /** Returns the connections that could not be established. */
    long getConnectFailed();

    /** Returns the median of the waits for a connection, in microseconds. */
    long getWaitP50Micros();

    /** Returns the 99th percentile of the waits for a connection, in microseconds. */
    long getWaitP99Micros();

    /** Returns the median time that a connection was held, in microseconds. */
    long getUseP50Micros();

    /** Returns the 99th percentile of the time that a connection was held, in microseconds. */
    long getUseP99Micros();
}
