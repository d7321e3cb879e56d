package io.memfuse.core.lock;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The {@code AsyncRWLock} of the Python design that ours began with: one lock with one condition for each
 * {@code asyncio.Condition}, which a reader and a writer that release take in opposite order. A counter-example, which {@link LockLawsTest} shows to break what ours keeps.
 */
class SeedLock implements LockUnderTest {

    private final ReentrantLock readReady = new ReentrantLock();
    private final Condition readReadyChanged = readReady.newCondition();
    private final ReentrantLock writeReady = new ReentrantLock();
    private final Condition writeReadyChanged = writeReady.newCondition();

    // Guarded by nothing: each of the two locks is held by some who write it.
    private volatile int readers;
    private volatile int writers;

    @Override
    public void acquireRead() throws InterruptedException {
        readReady.lockInterruptibly();
        try {
            while (writers > 0) {
                readReadyChanged.await();
            }
            beforeAReaderIsCounted();
            count(1);
        } finally {
            readReady.unlock();
        }
    }

    @Override
    public void releaseRead() throws InterruptedException {
        readReady.lockInterruptibly();
        try {
            count(-1);
            if (readers == 0) {
                betweenTheConditions();
                writeReady.lockInterruptibly();
                try {
                    writeReadyChanged.signalAll();
                } finally {
                    writeReady.unlock();
                }
            }
        } finally {
            readReady.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // as the seed does
    private void count(int more) {
        readers += more;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // as the seed does
    public void acquireWrite() throws InterruptedException {
        writeReady.lockInterruptibly();
        try {
            while (writers > 0 || readers > 0) {
                writeReadyChanged.await();
            }
            writers++;
        } finally {
            writeReady.unlock();
        }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // as the seed does
    public void releaseWrite() throws InterruptedException {
        writeReady.lockInterruptibly();
        try {
            writers--;
            writeReadyChanged.signalAll();
            readReady.lockInterruptibly();
            try {
                readReadyChanged.signalAll();
            } finally {
                readReady.unlock();
            }
        } finally {
            writeReady.unlock();
        }
    }

    @Override
    public boolean letsAReaderIn() throws InterruptedException {
        if (writers > 0) {
            return false;
        }
        acquireRead();
        return true;
    }

    @Override
    public int waitingWriters() {
        writeReady.lock();
        try {
            return writeReady.getWaitQueueLength(writeReadyChanged);
        } finally {
            writeReady.unlock();
        }
    }

    int readersIn() {
        return readers;
    }

    int writersIn() {
        return writers;
    }

    /** Whether somebody waits to get at the readers' condition, not on it. */
    boolean isReadReadyWantedByAnother() {
        return readReady.hasQueuedThreads();
    }

    /** Whether somebody waits to get at the writers' condition, not on it. */
    boolean isWriteReadyWantedByAnother() {
        return writeReady.hasQueuedThreads();
    }

    /** Where a test may stop a reader that has seen no writer and is not counted yet. */
    void beforeAReaderIsCounted() throws InterruptedException {}

    /** Where a test may stop the last reader, which has one condition and needs the other. */
    void betweenTheConditions() throws InterruptedException {}
}
