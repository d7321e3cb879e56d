package io.memfuse.core.lock;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts times in buckets that double in width. Thread-safe and wait-free; recording allocates nothing. */
final class TimesRecorder {

    /** Bucket i holds the times below 2^i ns and not below 2^(i-1) ns: 64 of them hold every long. */
    private final AtomicLongArray buckets = new AtomicLongArray(Long.SIZE);

    private final AtomicLong totalNanos = new AtomicLong();

    void record(long nanos) {
        long time = Math.max(0, nanos);
        buckets.incrementAndGet(Long.SIZE - Long.numberOfLeadingZeros(time));
        totalNanos.addAndGet(time);
    }

    LockMetrics.Times snapshot() {
        long[] counts = new long[buckets.length()];
        long count = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.get(i);
            count += counts[i];
        }
        return new LockMetrics.Times(
                count,
                Duration.ofNanos(totalNanos.get()),
                quantile(counts, count, 0.5),
                quantile(counts, count, 0.99),
                quantile(counts, count, 1));
    }

    private static Duration quantile(long[] counts, long count, double quantile) {
        long rank = (long) Math.ceil(count * quantile);
        long seen = 0;
        for (int i = 0; i < counts.length && count > 0; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Duration.ofNanos((1L << i) - 1);
            }
        }
        return Duration.ZERO;
    }
}
