package io.memfuse.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The durations that a setting accepts.
 *
 * @param min the shortest
 * @param max the longest
 * @param zeroMeans what a zero stands for, if it is accepted beside the others; empty if it is not
 */
record DurationRange(Duration min, Duration max, String zeroMeans) {

    /** Returns the duration; empty if {@code text} is none or out of range, which is then reported. */
    Optional<Duration> parse(Value value, Problems problems) {
        Optional<Duration> duration = DurationText.parse(value.text());
        if (duration.isEmpty()) {
            problems.add(
                    value.place(),
                    value.shown() + " is not a duration",
                    "write seconds (60.0) or a unit (500ms, 30s, 5m, 2h, PT1M); " + accepted());
        } else if (!contains(duration.get())) {
            problems.add(value.place(), value.shown() + " is out of range", accepted());
            return Optional.empty();
        }
        return duration;
    }

    private boolean contains(Duration duration) {
        return duration.isZero() ? !zeroMeans.isEmpty() : duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    }

    private String accepted() {
        String range = DurationText.format(min) + " to " + DurationText.format(max);
        return "accepted: " + (zeroMeans.isEmpty() ? "" : "0 (" + zeroMeans + ") or ") + range;
    }
}
