package io.memfuse.core.pool;

/**
 * The connections of one pool, read at one moment but not atomically: under load the numbers may not add up.
 *
 * @param total physical connections
 * @param active connections that are in use
 * @param idle connections that wait for a borrower
 * @param waiting borrowers that wait for a connection
 * @param minSize connections that are kept open, at least
 * @param maxSize connections at most
 */
public record PoolStats(int total, int active, int idle, int waiting, int minSize, int maxSize) {

    /** A pool without any connection, of no size. */
    public static final PoolStats NONE = new PoolStats(0, 0, 0, 0, 0, 0);

    /** Returns the numbers as an error shows them. */
    @Override
    public String toString() {
        return "total=" + total + "/" + maxSize + ", active=" + active + ", idle=" + idle + ", waiting=" + waiting;
    }
}
