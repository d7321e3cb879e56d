package io.memfuse.services.buffer;

import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queue of a channel. Records stay in it until they are settled, that is written or given up: so at every moment
 * what is not on the server is here. Thread-safe; records are taken and settled by one thread at a time.
 *
 * <p>Records are counted as they come and as they are settled, in the same order: a caller that notes {@link #accepted()}
 * knows that all up to its own are settled when {@link #settled()} has reached that number.
 *
 * @param <R> a record
 */
final class WaitingRecords<R> {

    private record Entry<R>(R value, int weight, long acceptedNanos) {}

    private final int capacity;
    private final int batchSize;
    private final Ticker ticker;

    /** One permit for each free unit of space; fair, so that callers are served in turn. */
    private final Semaphore space;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}, as all below. */
    private final ArrayDeque<Entry<R>> entries = new ArrayDeque<>();

    private long accepted;
    private int usedSpace;
    private boolean closed;

    WaitingRecords(int capacity, int batchSize, Ticker ticker) {
        this.capacity = capacity;
        this.batchSize = batchSize;
        this.ticker = ticker;
        this.space = new Semaphore(capacity, true);
    }

    /** What became of an {@link #offer}. */
    enum Offer {
        /** Accepted; no reason to look when the next write is due. */
        ACCEPTED,
        /** Accepted, and the only one: its age begins to count. */
        ACCEPTED_FIRST,
        /** Accepted, and the one that completes a batch. */
        ACCEPTED_BATCH,
        /** Not accepted: no space in time. */
        FULL,
        /** Not accepted: closed. */
        CLOSED
    }

    /**
     * Adds a record, after waiting for space if need be.
     *
     * @param weight the units of space it takes; one that is heavier than the whole capacity takes all of it
     */
    Offer offer(R value, int weight, Duration timeout) throws InterruptedException {
        int taken = Math.max(1, Math.min(weight, capacity));
        if (!space.tryAcquire(taken, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            return Offer.FULL;
        }
        Offer offer = add(value, taken);
        if (offer == Offer.CLOSED) {
            // INVARIANT: after closing, each thread passes on what it got, so that all that wait come to know.
            space.release(taken);
        }
        return offer;
    }

    private Offer add(R value, int weight) {
        lock.lock();
        try {
            if (closed) {
                return Offer.CLOSED;
            }
            entries.add(new Entry<>(value, weight, ticker.nanoTime()));
            accepted++;
            usedSpace += weight;
            if (entries.size() == batchSize) {
                return Offer.ACCEPTED_BATCH;
            }
            return entries.size() == 1 ? Offer.ACCEPTED_FIRST : Offer.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what is here stays. */
    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        // As much as the heaviest record may be waiting for.
        space.release(capacity);
    }

    /** Tells whether nothing is here and nothing will be. */
    boolean isFinished() {
        lock.lock();
        try {
            return closed && entries.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the oldest records, {@code max} at most; they stay. */
    List<R> oldest(int max) {
        lock.lock();
        try {
            return entries.stream().limit(max).map(Entry::value).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Removes the {@code count} oldest records. */
    void settle(int count) {
        int freed = 0;
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                freed += entries.remove().weight;
            }
            usedSpace -= freed;
        } finally {
            lock.unlock();
        }
        space.release(freed);
    }

    int usedSpace() {
        lock.lock();
        try {
            return usedSpace;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long the oldest record has waited; zero if there is none. */
    long oldestAgeNanos() {
        lock.lock();
        try {
            Entry<R> oldest = entries.peek();
            return oldest == null ? 0 : ticker.nanoTime() - oldest.acceptedNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many were ever accepted. */
    long accepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many were ever settled. */
    long settled() {
        lock.lock();
        try {
            return accepted - entries.size();
        } finally {
            lock.unlock();
        }
    }
}
