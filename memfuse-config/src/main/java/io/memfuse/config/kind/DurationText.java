package io.memfuse.config.kind;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the file writes them: {@code 60.0} (seconds), {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code PT1M}. */
public final class DurationText {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?[0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h|)");
    private static final Pattern ISO = Pattern.compile("-?P[0-9DTHMS.+-]{1,40}");

    /** What a JSON Schema says of a duration with a unit; its range is checked when it is read. */
    public static final String SCHEMA_PATTERN = "^(-?[0-9]{1,9}(\\.[0-9]{1,9})? ?(ms|s|m|h|)|-?P[0-9DTHMS.+-]{1,40})$";

    private DurationText() {}

    /** Returns the duration, empty if {@code text} is none. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        return matcher.matches() ? Optional.of(duration(matcher.group(1), matcher.group(2))) : iso(text);
    }

    private static Duration duration(String number, String unit) {
        BigDecimal nanos = new BigDecimal(number).multiply(BigDecimal.valueOf(nanosOf(unit)));
        // 10^9 hours are more nanoseconds than fit a long: so in seconds and the rest.
        BigDecimal[] secondsAndNanos = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
        return Duration.ofSeconds(secondsAndNanos[0].longValue(), secondsAndNanos[1].longValue());
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000_000_000L;
        };
    }

    private static Optional<Duration> iso(String text) {
        if (!ISO.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException notIso) {
            return Optional.empty();
        }
    }

    /** Returns {@code duration} in the largest unit that gives a whole number. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (millis % 60_000 != 0) {
            return millis / 1000 + "s";
        }
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
    }
}
