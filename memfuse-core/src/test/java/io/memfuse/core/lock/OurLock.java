package io.memfuse.core.lock;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** {@link AsyncReadWriteLock} behind the seed's names: holds are kept in a heap and released by whoever comes. */
final class OurLock implements LockUnderTest {

    private final AsyncReadWriteLock lock;
    private final Deque<LockHold> readHolds = new ConcurrentLinkedDeque<>();
    private final Deque<LockHold> writeHolds = new ConcurrentLinkedDeque<>();

    OurLock() {
        this(new AsyncReadWriteLock("ours"));
    }

    OurLock(AsyncReadWriteLock lock) {
        this.lock = lock;
    }

    // Waits without end, as the seed does: who is forgotten is found by the test, not by a timeout of the lock.

    @Override
    public void acquireRead() {
        readHolds.push(lock.read().toCompletableFuture().join());
    }

    @Override
    public void releaseRead() {
        readHolds.pop().close();
    }

    @Override
    public void acquireWrite() {
        writeHolds.push(lock.write().toCompletableFuture().join());
    }

    @Override
    public void releaseWrite() {
        writeHolds.pop().close();
    }

    @Override
    public boolean letsAReaderIn() {
        LockHold hold = lock.tryRead();
        if (hold != null) {
            readHolds.push(hold);
        }
        return hold != null;
    }

    @Override
    public int waitingWriters() {
        return lock.metrics().waitingNow();
    }
}
