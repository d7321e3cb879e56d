package io.memfuse.config;

import io.memfuse.config.yaml.Node.Scalar;
import io.memfuse.config.yaml.Place;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the environment into values: <code>${NAME}</code>, <code>${NAME:default}</code>, and <code>${file:PATH}</code> for the
 * first line of a file; <code>$${</code> stands for <code>${</code>. The default counts if the variable is not set at all.
 * What was put in is not looked at again.
 */
final class Interpolator {

    private static final String OPEN = "${";
    private static final String FILE = "file:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private final Function<String, @Nullable String> environment;
    private final Problems problems;

    Interpolator(Function<String, @Nullable String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** Returns the value; empty if what it names is missing or badly written, which is then reported. */
    Optional<Value> value(Scalar scalar) {
        String text = scalar.text();
        var filled = new StringBuilder();
        boolean found = false;
        int from = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
            if (open > from && text.charAt(open - 1) == '$') {
                filled.append(text, from, open - 1).append(OPEN);
                from = open + OPEN.length();
                continue;
            }
            int close = text.indexOf('}', open);
            String variable = close < 0
                    ? unclosed(scalar.place())
                    : variable(text.substring(open + OPEN.length(), close), scalar.place());
            if (variable == null) {
                return Optional.empty();
            }
            filled.append(text, from, open).append(variable);
            found = true;
            from = close + 1;
        }
        return Optional.of(new Value(filled.append(text, from, text.length()).toString(), scalar.place(), found));
    }

    private @Nullable String unclosed(Place place) {
        problems.add(place, "'${' without a '}'", "write '${NAME}', or '$${' for the characters themselves");
        return null;
    }

    private @Nullable String variable(String expression, Place place) {
        if (expression.startsWith(FILE)) {
            return new ValueFile(place, problems)
                    .firstLine(expression.substring(FILE.length()))
                    .orElse(null);
        }
        int colon = expression.indexOf(':');
        String name = colon < 0 ? expression : expression.substring(0, colon);
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    place,
                    "'${...}' does not hold the name of a variable",
                    "write '${NAME}', '${NAME:default}' or '${file:PATH}', or '$${' for the characters themselves");
            return null;
        }
        String set = environment.apply(name);
        if (set == null && colon < 0) {
            problems.add(
                    place,
                    "the environment variable " + name + " is not set",
                    "set it, or write '${" + name + ":default}'");
            return null;
        }
        return set != null ? set : expression.substring(colon + 1);
    }
}
