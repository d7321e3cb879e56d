package io.memfuse.bench.candidates;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Readers count themselves in one of several counters, each on a cache line of its own, and then look for a writer; a writer
 * sets its flag and then looks at all counters.
 *
 * <p>INVARIANT: a reader increments its counter and then reads {@code writing}; a writer sets {@code writing} and then reads
 * the counters. All are volatile: one of the two sees the other. A reader that sees a writer steps back.
 */
public final class DekkerReadWriteLock implements ReadWrite {

    /** 128 bytes: two cache lines, for the prefetcher loads them in pairs. */
    private static final int STRIDE = 16;

    private static final int STRIPES =
            Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 2 - 1) * 2;

    private final AtomicLongArray readers = new AtomicLongArray((STRIPES + 1) * STRIDE);
    private final AtomicBoolean writing = new AtomicBoolean();

    @Override
    public long lockRead() {
        int stripe = stripe();
        var backing = new Backing();
        while (true) {
            readers.getAndIncrement(stripe);
            if (!writing.get()) {
                return stripe;
            }
            readers.getAndDecrement(stripe);
            while (writing.get()) {
                backing.pause();
            }
        }
    }

    /** By the thread, whose numbers are consecutive: neighbours share no stripe. */
    private static int stripe() {
        @SuppressWarnings("deprecation") // threadId() is newer than the language level
        long thread = Thread.currentThread().getId();
        return (((int) thread & (STRIPES - 1)) + 1) * STRIDE;
    }

    @Override
    public void unlockRead(long ticket) {
        readers.getAndDecrement((int) ticket);
    }

    @Override
    public long lockWrite() {
        var backing = new Backing();
        while (!writing.compareAndSet(false, true)) {
            backing.pause();
        }
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            while (readers.get(stripe * STRIDE) != 0) {
                backing.pause();
            }
        }
        return 0;
    }

    @Override
    public void unlockWrite(long ticket) {
        writing.set(false);
    }
}
