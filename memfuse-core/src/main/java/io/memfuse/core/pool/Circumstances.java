package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a failure beside its reason; what is not known is null, or empty. Immutable.
 *
 * @param waited how long the caller waited
 * @param stats the pool at the end of that time
 * @param connectFailure why the last attempt to connect failed, if it did
 * @param nextAttemptIn until the next attempt to connect
 * @param holders who holds the pool's connections, the longest first
 */
record Circumstances(
        Duration waited,
        @Nullable PoolStats stats,
        @Nullable ConnectFailure connectFailure,
        @Nullable Duration nextAttemptIn,
        List<ConnectionHolder> holders) {

    static final Circumstances UNKNOWN = new Circumstances(Duration.ZERO, null, null, null, List.of());

    /** A pool may have thousands, and a message is to be read. */
    private static final int MOST_NAMED = 5;

    Circumstances {
        holders = List.copyOf(holders);
    }

    static Circumstances of(Duration waited, @Nullable PoolStats stats) {
        return new Circumstances(waited, stats, null, null, List.of());
    }

    static Circumstances of(ConnectFailure failure) {
        return UNKNOWN.with(failure, null);
    }

    Circumstances with(@Nullable ConnectFailure failure, @Nullable Duration nextAttempt) {
        return new Circumstances(waited, stats, failure, nextAttempt, holders);
    }

    Circumstances heldBy(List<ConnectionHolder> newHolders) {
        return new Circumstances(waited, stats, connectFailure, nextAttemptIn, newHolders);
    }

    /** Returns {@code after 1.5 s (total=…)}, as far as it is known. */
    String text() {
        String time = waited.isZero() ? "" : "after " + Durations.format(waited);
        String numbers = stats == null ? "" : "(" + stats + ")";
        return time + (time.isEmpty() || numbers.isEmpty() ? "" : " ") + numbers;
    }

    /** Returns who holds the connections, as the end of a sentence; nothing if nobody is known. */
    String held() {
        if (holders.isEmpty()) {
            return "";
        }
        String names = holders.stream()
                .limit(MOST_NAMED)
                .map(ConnectionHolder::toString)
                .collect(Collectors.joining(", "));
        int more = holders.size() - MOST_NAMED;
        return "; held by " + names + (more > 0 ? " and " + more + " more" : "");
    }
}
