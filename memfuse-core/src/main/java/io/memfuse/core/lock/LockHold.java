package io.memfuse.core.lock;

/**
 * The right to read or to write, until it is closed. Thread-safe: it may be closed by another thread than the one that
 * acquired it, exactly once.
 */
public sealed interface LockHold extends AutoCloseable permits Hold {

    /** How the lock is held. */
    enum Mode {
        /** With other readers. */
        READ,
        /** Alone. */
        WRITE
    }

    /** Returns how the lock is held. */
    Mode mode();

    /**
     * Gives the lock back. Waiters that may now go on are granted the lock, and what they registered to run then runs on
     * this thread.
     *
     * @throws IllegalStateException the second time; the message names the hold
     */
    @Override
    void close();
}
