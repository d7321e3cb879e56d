package io.memfuse.core.pool;

/**
 * How often the connections of one pool were handed out, from its opening to its end. Thread-safe; never decreases, and fails for
 * nobody, whatever the adapter throws.
 */
public interface LoanCount {

    /** Asks who counts, which is adapter's code and to be called under no lock; returns how many there were so far. */
    long sum();

    /** Returns how many there were when it was asked last, or when it ended; asks nobody. */
    long known();

    /** Tells whether the pool was closed, or not opened: no more will come. */
    boolean hasEnded();
}
