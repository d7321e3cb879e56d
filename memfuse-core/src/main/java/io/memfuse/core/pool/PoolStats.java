package io.memfuse.core.pool;

import java.time.Duration;

/**
 * The connections of one pool, read at one moment but not atomically: under load the numbers may not add up.
 *
 * @param total physical connections
 * @param active connections that are in use
 * @param idle connections that wait for a borrower
 * @param waiting borrowers that wait for a connection
 * @param oldestWaiterAge how long the borrower who has waited longest has waited, at least; zero if nobody waits. Some pools know it
 *     only from one reading of their numbers to the next
 * @param minSize connections that are kept open, at least
 * @param maxSize connections at most
 */
public record PoolStats(
        int total, int active, int idle, int waiting, Duration oldestWaiterAge, int minSize, int maxSize) {

    /** A pool without any connection, of no size. */
    public static final PoolStats NONE = new PoolStats(0, 0, 0, 0, 0, 0);

    /** Of a pool that does not know since when its borrowers wait. */
    public PoolStats(int total, int active, int idle, int waiting, int minSize, int maxSize) {
        this(total, active, idle, waiting, Duration.ZERO, minSize, maxSize);
    }

    /** Returns the numbers as an error shows them. */
    @Override
    public String toString() {
        return "total=" + total + "/" + maxSize + ", active=" + active + ", idle=" + idle + ", waiting=" + waiting;
    }
}
