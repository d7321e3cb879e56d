package io.memfuse.core.registry;

/** Where a pool of the registry is in its life. */
public enum PoolState {
    /** Known, and not opened yet or evicted since: costs no connection. */
    REGISTERED,
    /** An attempt to open it is under way. */
    OPENING,
    /** Serves. */
    OPEN,
    /** Serves nobody new; waits for what is in use to come back. */
    DRAINING,
    /** The last attempt to open it failed; the next one is made by whoever asks after the back-off. */
    FAILED,
    /** The registry is closed, or does not know the database any more. */
    CLOSED
}
