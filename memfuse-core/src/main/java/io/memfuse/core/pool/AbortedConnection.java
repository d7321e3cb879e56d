package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * A connection that was still in use when its pool was closed, and was cut off. Immutable and thread-safe.
 *
 * @param name what the server calls it: for PostgreSQL a column of {@code pg_stat_activity} and its value, such as
 *     {@code pid 4711} or {@code client_port 53817}. That port is the one at this end: behind a pooler or a translation of
 *     addresses {@code pg_stat_activity} shows another
 * @param lentFor for how long its borrower had it, at least: a pool that nobody listens to may not know since when, but that
 *     it was before the closing began
 */
public record AbortedConnection(String name, Duration lentFor) {

    public AbortedConnection {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(lentFor, "lentFor");
    }

    /** Returns {@code pid 4711 (lent for 1.5 s)}. */
    @Override
    public String toString() {
        return name + " (lent for " + Durations.format(lentFor) + ")";
    }
}
