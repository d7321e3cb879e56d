package io.memfuse.cli.console;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was counted a few seconds ago, to tell how much it is in a second now: steady to look at, and soon true. Not
 * thread-safe.
 *
 * @param <T> what is counted
 */
final class Baseline<T> {

    /** Between two that are kept; two are, so that what is shown is of one to two of these. */
    private static final long PERIOD_NANOS = Duration.ofSeconds(3).toNanos();

    private record Counted<T>(T value, long atNanos) {}

    private final Deque<Counted<T>> kept = new ArrayDeque<>();

    /** Returns what to compare with, and takes in what is counted now. */
    T take(T now, long nowNanos) {
        if (kept.isEmpty() || nowNanos - kept.getLast().atNanos() >= PERIOD_NANOS) {
            kept.addLast(new Counted<>(now, nowNanos));
        }
        if (kept.size() > 2) {
            kept.removeFirst();
        }
        return kept.getFirst().value();
    }

    /** Returns how long ago the one was counted that {@link #take} has just returned, in seconds; never zero. */
    double seconds(long nowNanos) {
        long since = nowNanos - kept.getFirst().atNanos();
        return Math.max(1, since) / 1e9;
    }
}
