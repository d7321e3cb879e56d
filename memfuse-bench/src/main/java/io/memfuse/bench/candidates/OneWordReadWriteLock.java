package io.memfuse.bench.candidates;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One state word holds the number of readers and whether a writer holds or waits; each acquisition and each release is one
 * atomic update of it. What AsyncReadWriteLock was at first, without its queue.
 */
public final class OneWordReadWriteLock implements ReadWrite {

    private static final long WRITER = 1;
    private static final long WAITING = 2;
    private static final long READER = 4;

    private final AtomicLong state = new AtomicLong();

    @Override
    public long lockRead() {
        var backing = new Backing();
        while (true) {
            long s = state.get();
            if ((s & (WRITER | WAITING)) != 0) {
                backing.pause();
            } else if (state.compareAndSet(s, s + READER)) {
                return 0;
            }
        }
    }

    @Override
    public void unlockRead(long ticket) {
        state.addAndGet(-READER);
    }

    @Override
    public long lockWrite() {
        var backing = new Backing();
        while (true) {
            long s = state.get();
            if (s < READER && (s & WRITER) == 0) {
                // INVARIANT: WRITER is set only on a word without WRITER and without readers.
                if (state.compareAndSet(s, WRITER)) {
                    return 0;
                }
            } else {
                state.compareAndSet(s, s | WAITING); // Keeps new readers out; whoever gets in clears it for all.
                backing.pause();
            }
        }
    }

    @Override
    public void unlockWrite(long ticket) {
        state.updateAndGet(s -> s & ~WRITER);
    }
}
