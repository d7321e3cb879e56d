package io.memfuse.config.secret;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Node.Scalar;
import io.memfuse.config.yaml.Place;
import io.memfuse.core.pool.SecretProvider;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the environment into values: <code>${NAME}</code>, <code>${NAME:default}</code>, <code>${file:PATH}</code> for the
 * first line of a file, <code>${PROVIDER:REFERENCE}</code> for a secret of a {@link SecretProvider}; <code>$${</code> stands
 * for <code>${</code>. The default counts if the variable is not set at all. What was put in is not looked at again.
 */
public final class Interpolator {

    private static final String OPEN = "${";
    private static final String FILE = "file";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private final Function<String, @Nullable String> environment;
    private final Secrets secrets;
    private final Problems problems;

    public Interpolator(Function<String, @Nullable String> environment, Secrets secrets, Problems problems) {
        this.environment = environment;
        this.secrets = secrets;
        this.problems = problems;
    }

    /** Returns the value; empty if what it names is missing or badly written, which is then reported. */
    public Optional<Value> value(Scalar scalar) {
        String text = scalar.text();
        var filled = new StringBuilder();
        boolean found = false;
        boolean changing = false;
        int from = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
            if (open > from && text.charAt(open - 1) == '$') {
                filled.append(text, from, open - 1).append(OPEN);
                from = open + OPEN.length();
                continue;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                problems.add(
                        scalar.place(),
                        "'${' without a '}'",
                        "write '${NAME}', or '$${' for the characters themselves");
                return Optional.empty();
            }
            String expression = text.substring(open + OPEN.length(), close);
            String part = part(expression, scalar.place());
            if (part == null) {
                return Optional.empty();
            }
            filled.append(text, from, open).append(part);
            found = true;
            changing |= isChanging(expression);
            from = close + 1;
        }
        String whole = filled.append(text, from, text.length()).toString();
        return Optional.of(new Value(whole, scalar.place(), found, changing ? () -> again(scalar) : null));
    }

    /** Whether it can be had was reported when it was first read. */
    private Optional<String> again(Scalar scalar) {
        return new Interpolator(environment, secrets, new Problems(""))
                .value(scalar)
                .map(Value::text);
    }

    /** Files and secrets may be others later; the environment of a process stays what it was. */
    private boolean isChanging(String expression) {
        String name = name(expression);
        return name.length() < expression.length() && (name.equals(FILE) || secrets.has(name));
    }

    private static String name(String expression) {
        int colon = expression.indexOf(':');
        return colon < 0 ? expression : expression.substring(0, colon);
    }

    private @Nullable String part(String expression, Place place) {
        String name = name(expression);
        if (!isChanging(expression)) {
            return variable(name, expression, place);
        }
        String reference = expression.substring(name.length() + 1);
        Optional<String> found = name.equals(FILE)
                ? new ValueFile(place, problems).firstLine(reference)
                : secrets.find(name, reference, place, problems);
        return found.orElse(null);
    }

    private @Nullable String variable(String name, String expression, Place place) {
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    place,
                    "'${...}' does not hold the name of a variable",
                    "write '${NAME}', '${NAME:default}' or '${file:PATH}', or '$${' for the characters themselves");
            return null;
        }
        boolean hasDefault = name.length() < expression.length();
        String set = environment.apply(name);
        if (set == null && !hasDefault) {
            problems.add(
                    place,
                    "the environment variable " + name + " is not set",
                    "set it, or write '${" + name + ":default}'");
            return null;
        }
        return set != null ? set : expression.substring(name.length() + 1);
    }
}
