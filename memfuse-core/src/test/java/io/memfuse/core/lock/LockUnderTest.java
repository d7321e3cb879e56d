package io.memfuse.core.lock;

/** What {@link LockLaws} need of a lock: the seed's names, so that its own lock can be put beside ours. */
interface LockUnderTest {

    void acquireRead() throws InterruptedException;

    /** Gives one reader's hold back, whoever acquired it. */
    void releaseRead() throws InterruptedException;

    void acquireWrite() throws InterruptedException;

    void releaseWrite() throws InterruptedException;

    /** Acquires to read if a reader that came now would not have to wait. */
    boolean letsAReaderIn() throws InterruptedException;

    /** How many wait to write. */
    int waitingWriters();
}
