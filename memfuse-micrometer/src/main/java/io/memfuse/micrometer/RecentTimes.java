package io.memfuse.micrometer;

import io.memfuse.core.time.Times;
import java.time.Duration;

/** Keeps of times that are counted for ever those of the last minute or two. Not thread-safe. */
final class RecentTimes {

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private Times before = Times.NONE;
    private Times next = Times.NONE;
    private long nextNanos;

    RecentTimes(long nowNanos) {
        this.nextNanos = nowNanos;
    }

    /** Returns those of {@code all} that were counted in the last one to two windows, if it is asked at least that often. */
    Times of(Times all, long nowNanos) {
        if (nowNanos - nextNanos >= WINDOW_NANOS) {
            before = next;
            next = all;
            nextNanos = nowNanos;
        }
        return all.minus(before);
    }
}
