package io.memfuse.core.lock;

import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Threads that wait for a lock, do something inside and leave: what Lincheck does with either lock. What is inside is plain,
 * so that two who are in together are found by what they read, and whoever is forgotten by a thread that never ends.
 */
public abstract class LockVisits {

    private final LockUnderTest lock;
    private int value;

    LockVisits(LockUnderTest lock) {
        this.lock = lock;
    }

    @Operation(blocking = true)
    public int write() throws InterruptedException {
        lock.acquireWrite();
        int written = value + 1;
        value = written;
        lock.releaseWrite();
        return written;
    }

    @Operation(blocking = true)
    public int read() throws InterruptedException {
        lock.acquireRead();
        int seen = value;
        lock.releaseRead();
        return seen;
    }

    /** Visits of {@link AsyncReadWriteLock}. */
    public static class OfOurs extends LockVisits {
        public OfOurs() {
            super(new OurLock(new AsyncReadWriteLock("ours", () -> 0, new ReaderStripes(2))));
        }
    }

    /** Visits of {@link SeedLock}. */
    public static class OfTheSeeds extends LockVisits {
        public OfTheSeeds() {
            super(new SeedLock());
        }
    }
}
