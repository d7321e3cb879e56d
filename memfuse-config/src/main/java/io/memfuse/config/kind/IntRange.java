package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The whole numbers that a setting accepts, both ends included. */
public record IntRange(int min, int max) implements Kind.OfValue<Integer> {

    private static final int MAX_DIGITS = 18;
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)");

    @Override
    public Optional<Integer> parse(Value value, Problems problems) {
        if (!WHOLE_NUMBER.matcher(value.text()).matches()) {
            problems.add(value.place(), value.shown() + " is not a whole number", "accepted: " + accepted());
            return Optional.empty();
        }
        // Longer ones need not be parsed to be out of range.
        long number = value.text().length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(value.text());
        if (number < min || number > max) {
            problems.add(value.place(), value.shown() + " is out of range", "accepted: " + accepted());
            return Optional.empty();
        }
        return Optional.of((int) number);
    }

    @Override
    public String show(Integer value) {
        return value.toString();
    }

    @Override
    public String accepted() {
        return min + " to " + max;
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.orVariable(List.of(Schemas.object("type", "integer", "minimum", min, "maximum", max)));
    }
}
