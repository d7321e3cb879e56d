package io.memfuse.bench.candidates;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A read-write lock that is biased towards its readers: while the bias is on, a reader writes itself into a table of slots
 * that all locks share, and takes the lock beneath only if its slot is taken. A writer takes the lock beneath, turns the
 * bias off and waits until no slot names this lock; for a multiple of the time that this took, the bias stays off. (Dice and
 * Kogan, "BRAVO: Biased Locking for Reader-Writer Locks", USENIX ATC 2019.)
 */
public final class BravoReadWriteLock implements ReadWrite {

    private static final int SLOTS = 4096;
    private static final AtomicReferenceArray<@Nullable BravoReadWriteLock> TABLE = new AtomicReferenceArray<>(SLOTS);
    private static final int REVOCATION_FACTOR = 9;
    private static final long BENEATH = -1;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile boolean biased = true;
    private volatile long unbiasedUntilNanos = System.nanoTime();

    @Override
    public long lockRead() {
        if (biased) {
            int slot = slot();
            if (TABLE.compareAndSet(slot, null, this)) {
                // INVARIANT: a reader fills its slot and then reads the bias; a writer clears the bias and then reads
                // the slots. One of the two sees the other.
                if (biased) {
                    return slot;
                }
                TABLE.set(slot, null);
            }
        }
        lock.readLock().lock();
        if (!biased && System.nanoTime() - unbiasedUntilNanos >= 0) {
            biased = true; // No writer is in: this reader holds the lock beneath.
        }
        return BENEATH;
    }

    private int slot() {
        @SuppressWarnings("deprecation") // threadId() is newer than the language level
        long thread = Thread.currentThread().getId();
        int hash = (int) (thread * 0x9E3779B9L) ^ System.identityHashCode(this);
        return (hash ^ (hash >>> 15)) & (SLOTS - 1);
    }

    @Override
    public void unlockRead(long ticket) {
        if (ticket == BENEATH) {
            lock.readLock().unlock();
        } else {
            TABLE.set((int) ticket, null);
        }
    }

    @Override
    public long lockWrite() {
        lock.writeLock().lock();
        if (biased) {
            biased = false;
            long startNanos = System.nanoTime();
            var backing = new Backing();
            for (int slot = 0; slot < SLOTS; slot++) {
                while (TABLE.get(slot) == this) {
                    backing.pause();
                }
            }
            long nowNanos = System.nanoTime();
            unbiasedUntilNanos = nowNanos + (nowNanos - startNanos) * REVOCATION_FACTOR;
        }
        return 0;
    }

    @Override
    public void unlockWrite(long ticket) {
        lock.writeLock().unlock();
    }
}
