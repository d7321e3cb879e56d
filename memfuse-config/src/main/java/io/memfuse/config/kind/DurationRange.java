package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The durations that a setting accepts.
 *
 * @param min the shortest
 * @param max the longest
 * @param zeroMeans what a zero stands for, if it is accepted beside the others; empty if it is not
 */
public record DurationRange(Duration min, Duration max, String zeroMeans) implements Kind.OfValue<Duration> {

    @Override
    public Optional<Duration> parse(Value value, Problems problems) {
        Optional<Duration> duration = DurationText.parse(value.text());
        if (duration.isEmpty()) {
            problems.add(
                    value.place(),
                    value.shown() + " is not a duration",
                    "write seconds (60.0) or a unit (500ms, 30s, 5m, 2h, PT1M); accepted: " + accepted());
        } else if (!contains(duration.get())) {
            problems.add(value.place(), value.shown() + " is out of range", "accepted: " + accepted());
            return Optional.empty();
        }
        return duration;
    }

    private boolean contains(Duration duration) {
        return duration.isZero() ? !zeroMeans.isEmpty() : duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    }

    @Override
    public String show(Duration value) {
        return value.isZero() && !zeroMeans.isEmpty() ? "0 (" + zeroMeans + ")" : DurationText.format(value);
    }

    @Override
    public String accepted() {
        String range = DurationText.format(min) + " to " + DurationText.format(max);
        return (zeroMeans.isEmpty() ? "" : "0 (" + zeroMeans + ") or ") + range;
    }

    @Override
    public Map<String, Object> schema() {
        List<Map<String, Object>> forms = new ArrayList<>();
        if (!zeroMeans.isEmpty()) {
            forms.add(Schemas.object("const", 0));
        }
        forms.add(Schemas.object("type", "number", "minimum", seconds(min), "maximum", seconds(max)));
        forms.add(Schemas.object("type", "string", "pattern", DurationText.SCHEMA_PATTERN));
        return Schemas.orVariable(forms);
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros();
    }
}
