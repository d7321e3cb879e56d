package io.memfuse.core.time;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts times in the buckets of {@link Times}. Thread-safe and wait-free; recording allocates nothing. */
public final class TimesRecorder {

    private final AtomicLongArray buckets = new AtomicLongArray(Times.BUCKETS);
    private final AtomicLong totalNanos = new AtomicLong();

    /** Has counted nothing yet. */
    public TimesRecorder() {}

    /** Counts a time; one below zero counts as zero. */
    public void record(long nanos) {
        long time = Math.max(0, nanos);
        buckets.incrementAndGet(Times.bucket(time));
        totalNanos.addAndGet(time);
    }

    /** Returns what was counted so far. Under load the sum may be a few times ahead of the counts or behind. */
    public Times snapshot() {
        long[] counts = new long[Times.BUCKETS];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.get(i);
        }
        return new Times(counts, totalNanos.get());
    }
}
