package io.memfuse.bench.candidates;

import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of fixed capacity with open addressing, read optimistically under a {@link StampedLock}. Nothing is ever
 * removed, so that a reader that meets a writer finds a key or an empty place after {@code capacity} steps at most, and
 * never anything that it could stumble over (the fields of a key are to be final); what it found is believed only if no
 * writer came in between. Thread-safe.
 */
public final class OptimisticTable<K, V> {

    private final StampedLock lock = new StampedLock();
    private final @Nullable Object[] keys;
    private final @Nullable Object[] values;
    private final int mask;

    /** Makes an empty table for so many keys at most. */
    public OptimisticTable(int maxKeys) {
        int capacity = Integer.highestOneBit(Math.max(1, maxKeys)) * 4;
        keys = new Object[capacity];
        values = new Object[capacity];
        mask = capacity - 1;
    }

    /** Returns the value of a key, or null if it has none. */
    public @Nullable V get(K key) {
        long stamp = lock.tryOptimisticRead();
        if (stamp != 0) {
            V value = find(key);
            if (lock.validate(stamp)) {
                return value;
            }
        }
        stamp = lock.readLock();
        try {
            return find(key);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Sets the value of a key. */
    public void put(K key, V value) {
        long stamp = lock.writeLock();
        try {
            int i = place(key);
            keys[i] = key;
            values[i] = value;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    @SuppressWarnings("unchecked") // only put writes
    private @Nullable V find(K key) {
        return (V) values[place(key)];
    }

    private int place(K key) {
        int hash = key.hashCode();
        int start = hash ^ (hash >>> 16);
        for (int step = 0; step <= mask; step++) {
            int i = (start + step) & mask;
            Object there = keys[i];
            if (there == null || there == key || there.equals(key)) {
                return i;
            }
        }
        throw new IllegalStateException("more keys than the table was made for");
    }
}
