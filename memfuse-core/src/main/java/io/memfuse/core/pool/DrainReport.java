package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a pool was closed. Immutable and thread-safe.
 *
 * @param key the pool
 * @param aborted the connections that were still in use at the deadline and were cut off; empty when the pool drained
 * @param took from the first refusal of a borrower until the last connection was closed
 */
public record DrainReport(PoolKey<?> key, List<AbortedConnection> aborted, Duration took) {

    /** A pool may have thousands, and a line of a log is to be read. */
    private static final int MOST_NAMED = 10;

    public DrainReport {
        Objects.requireNonNull(key, "key");
        aborted = List.copyOf(aborted);
        Objects.requireNonNull(took, "took");
    }

    /** Tells whether nothing had to be cut off. */
    public boolean drained() {
        return aborted.isEmpty();
    }

    /** Returns what happened in one line without the pool: how long it took, and who was cut off, the first ten by name. */
    public String summary() {
        String time = Durations.format(took);
        return drained()
                ? "drained and closed in " + time
                : "closed in " + time + ", " + aborted.size() + (aborted.size() == 1 ? " connection" : " connections")
                        + " in use aborted: " + named();
    }

    private String named() {
        String names = aborted.stream()
                .limit(MOST_NAMED)
                .map(AbortedConnection::toString)
                .collect(Collectors.joining(", "));
        return aborted.size() > MOST_NAMED ? names + " and " + (aborted.size() - MOST_NAMED) + " more" : names;
    }
}
