package io.memfuse.bench.lookup;

/** Open pools, found by the number of their database. Thread-safe. */
interface PoolTable extends AutoCloseable {

    /** Returns the open pool. */
    Object find(int database);

    /** Puts another pool in its place. */
    void replace(int database);

    /** Ends what the table has started. */
    @Override
    default void close() {}
}
