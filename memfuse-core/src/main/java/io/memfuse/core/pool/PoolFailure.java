package io.memfuse.core.pool;

/** What a {@link PoolException} is about: one word for each reason, to be told apart without a look at its class. */
public enum PoolFailure {
    /** All connections that the pool may have are in use, and none came back in time. */
    POOL_FULL,
    /** No connection can be made: {@link PoolException#lastConnectFailure()} says why. */
    DATABASE_DOWN,
    /** The pool is still being opened. */
    OPENING,
    /** The pool serves, but has fewer connections than it is to have. */
    NOT_WARM,
    /** This pool drains or is closed; the registry can open another. */
    DRAINING,
    /** The registry is closed, and with it every pool for good. */
    CLOSED,
    /** The database was removed from the registry. */
    REMOVED,
    /** The caller's thread was interrupted while it waited. */
    INTERRUPTED,
    /** The configuration or the request is wrong, and has to be changed. */
    MISCONFIGURED
}
