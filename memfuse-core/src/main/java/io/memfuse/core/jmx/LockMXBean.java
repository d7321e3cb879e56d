package io.memfuse.core.jmx;

/** The lock of a registry, as management tools show it. */
public interface LockMXBean {

    /** Returns how often it was acquired to read. */
    long getReads();

    /** Returns how often it was acquired to write. */
    long getWrites();

    /** Returns the acquisitions that had to wait. */
    long getContended();

    /** Returns the waits that ended in vain. */
    long getTimeouts();

    /** Returns the waits that were cancelled. */
    long getCancellations();

    /** Returns who waits for it now. */
    int getQueueLength();

    /** Returns the 99th percentile of the waits, in microseconds. */
    long getWaitP99Micros();

    /** Returns the 99th percentile of the time that it was held to write, in microseconds. */
    long getWriteHoldP99Micros();
}
