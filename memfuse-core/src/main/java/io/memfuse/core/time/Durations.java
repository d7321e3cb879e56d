package io.memfuse.core.time;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Writes durations as people read them. */
public final class Durations {

    private Durations() {}

    /**
     * Returns {@code 850 us}, {@code 12 ms}, {@code 1.5 s} or {@code 3 min 20 s}: the unit that fits, three digits. A negative
     * duration reads as none.
     */
    public static String format(Duration duration) {
        long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(duration));
        if (nanos < 1_000_000) {
            return nanos / 1_000 + " us";
        }
        if (nanos < 1_000_000_000) {
            return nanos / 1_000_000 + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
        }
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}
