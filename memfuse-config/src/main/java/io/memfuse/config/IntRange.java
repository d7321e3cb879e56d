package io.memfuse.config;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The whole numbers that a setting accepts, both ends included. */
record IntRange(int min, int max) {

    private static final int MAX_DIGITS = 18;
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)");

    /** Returns the number; empty if {@code text} is none or out of range, which is then reported. */
    OptionalInt parse(Value value, Problems problems) {
        if (!WHOLE_NUMBER.matcher(value.text()).matches()) {
            problems.add(value.place(), value.shown() + " is not a whole number", accepted());
            return OptionalInt.empty();
        }
        // Longer ones need not be parsed to be out of range.
        long number = value.text().length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(value.text());
        if (number < min || number > max) {
            problems.add(value.place(), value.shown() + " is out of range", accepted());
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number);
    }

    private String accepted() {
        return "accepted: " + min + " to " + max;
    }
}
