package io.memfuse.core.pool;

import java.time.Duration;

/**
 * One open pool. Implemented by adapters, driven by the registry. Thread-safe; methods that may block are called on the
 * engine's executor, never under a lock.
 *
 * @param <R> what callers use of the pool
 */
public interface PoolHandle<R> {

    /**
     * Returns what callers use. Valid until {@link #close}; from then on it refuses every borrower at once with the
     * technology's own exception, whose cause is a {@link PoolClosedException}.
     */
    R resource();

    /** Returns the numbers of this moment. Never blocks. */
    PoolStats stats();

    /**
     * Establishes connections until there are {@link PoolLimits#minSize()} of them. Blocks.
     *
     * @throws PoolOpenException if a connection cannot be established
     * @throws PoolTimeoutException if there are fewer after {@code timeout}; those that there are stay
     * @throws InterruptedException if the thread was interrupted
     */
    void warmUp(Duration timeout) throws InterruptedException;

    /**
     * Changes the sizes of the running pool. Growth takes effect with the next need; on shrinking, idle connections beyond
     * {@code maxSize} are closed at once and borrowed ones when they come back.
     *
     * @throws IllegalArgumentException if the sizes are not {@code 0 <= minSize <= maxSize} with {@code 1 <= maxSize}
     */
    void resize(int minSize, int maxSize);

    /**
     * Looks whether the database takes a login and answers, on a connection of its own that is closed at once: no borrower
     * waits for it, and none of the pool's is touched. Blocks. Tells the listener nothing. An adapter that cannot look says
     * nothing against its database.
     *
     * @throws PoolOpenException if the database did not answer in time, or refused
     * @throws InterruptedException if the thread was interrupted
     */
    default void probe(Duration timeout) throws InterruptedException {}

    /**
     * Changes how long it may take to obtain a connection, or to establish one, from now on; who waits already may keep the
     * former time.
     *
     * @throws IllegalArgumentException if the running pool cannot go on with it; then nothing is changed, and another pool is
     *     needed
     */
    void setTimeout(Duration timeout);

    /** Closes the connections that are idle now, beyond {@link PoolLimits#minSize()}. */
    void evictIdle();

    /** Replaces every connection: idle ones now, borrowed ones when they come back. */
    void softEvict();

    /**
     * Refuses new borrowers at once, waits until every borrowed connection has come back, and closes all. What is still
     * borrowed after {@code drainTimeout} is aborted. Blocks; an interrupt ends the waiting, not the closing: so the registry
     * cuts a drain short when it is closed itself, in less time. A second call returns the first one's report.
     */
    DrainReport close(Duration drainTimeout);
}
