package io.memfuse.core.time;

import java.time.Duration;
import java.util.Arrays;

/**
 * A distribution of times, as {@link TimesRecorder} counted them. Immutable and thread-safe.
 *
 * <p>A quantile is the upper bound of the bucket that it falls into, at most a quarter above the true value: each doubling
 * is four buckets of one width, as in an HDR histogram of two significant bits.
 */
public final class Times {

    /** No time at all. */
    public static final Times NONE = new Times(new long[0], 0);

    /** A doubling is so many buckets, as a power of two. */
    private static final int BITS = 2;

    private static final int PER_DOUBLING = 1 << BITS;

    /** Enough for every time that is not negative. */
    static final int BUCKETS = (Long.SIZE - BITS) * PER_DOUBLING;

    private final long[] counts;
    private final long totalNanos;

    /** @param counts how many times are in each bucket; not copied */
    Times(long[] counts, long totalNanos) {
        this.counts = counts;
        this.totalNanos = totalNanos;
    }

    /** Returns the bucket of a time that is not negative. */
    static int bucket(long nanos) {
        if (nanos < PER_DOUBLING) {
            return (int) nanos;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int within = (int) (nanos >>> (exponent - BITS)) & (PER_DOUBLING - 1);
        return (exponent - BITS + 1) * PER_DOUBLING + within;
    }

    /** Returns the longest time of a bucket. */
    private static long upperNanos(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        int shift = bucket / PER_DOUBLING - 1;
        long lower = (long) (PER_DOUBLING + bucket % PER_DOUBLING) << shift;
        return lower + (1L << shift) - 1;
    }

    /** Returns how many times there are. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Returns their sum. */
    public Duration total() {
        return Duration.ofNanos(totalNanos);
    }

    /** Returns their mean; zero if there is none. */
    public Duration mean() {
        long count = count();
        return Duration.ofNanos(count == 0 ? 0 : totalNanos / count);
    }

    /**
     * Returns the time that this share of all does not exceed, rounded up to its bucket; zero if there is none.
     *
     * @param share 0 to 1
     */
    public Duration quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(count() * share));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Duration.ofNanos(upperNanos(i));
            }
        }
        return Duration.ZERO;
    }

    /** Returns the median, rounded up to its bucket. */
    public Duration p50() {
        return quantile(0.5);
    }

    /** Returns the 99th percentile, rounded up to its bucket. */
    public Duration p99() {
        return quantile(0.99);
    }

    /** Returns the longest, rounded up to its bucket. */
    public Duration max() {
        return quantile(1);
    }

    /** Returns these without those that were counted before: what came between two looks at one recorder. */
    public Times minus(Times before) {
        long[] between = counts.clone();
        for (int i = 0; i < Math.min(between.length, before.counts.length); i++) {
            between[i] = Math.max(0, between[i] - before.counts[i]);
        }
        return new Times(between, Math.max(0, totalNanos - before.totalNanos));
    }

    /** Returns these and those together. */
    public Times plus(Times others) {
        long[] all = Arrays.copyOf(counts, Math.max(counts.length, others.counts.length));
        for (int i = 0; i < others.counts.length; i++) {
            all[i] += others.counts[i];
        }
        return new Times(all, totalNanos + others.totalNanos);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Times times && totalNanos == times.totalNanos && sameCounts(times);
    }

    private boolean sameCounts(Times other) {
        int shared = Math.min(counts.length, other.counts.length);
        return Arrays.equals(counts, 0, shared, other.counts, 0, shared)
                && Arrays.stream(counts).skip(shared).allMatch(count -> count == 0)
                && Arrays.stream(other.counts).skip(shared).allMatch(count -> count == 0);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(totalNanos);
    }

    /** Returns the distribution as a log shows it. */
    @Override
    public String toString() {
        return "count=" + count() + ", p50=" + Durations.format(p50()) + ", p99=" + Durations.format(p99()) + ", max="
                + Durations.format(max());
    }
}
