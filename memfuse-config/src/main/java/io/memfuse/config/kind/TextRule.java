package io.memfuse.config.kind;

import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Shown;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text must be like.
 *
 * @param complaint says what is wrong with a text, without showing it; null if nothing is
 * @param hint what to do then
 * @param accepted what is accepted, for people
 */
public record TextRule(Function<String, @Nullable String> complaint, String hint, String accepted)
        implements Kind.OfValue<String> {

    /** PostgreSQL cuts names after 63 bytes, poolers in front of it take longer ones. */
    private static final int MAX_NAME_LENGTH = 128;

    /** Longest name of the domain name system. */
    private static final int MAX_HOST_LENGTH = 253;

    /** What systems take for a socket's name, less what PostgreSQL adds to that of the directory. */
    private static final int MAX_SOCKET_LENGTH = 90;

    private static final int MAX_VALUE_LENGTH = 10_000;
    private static final Pattern HOST_NAME = Pattern.compile("[\\p{L}\\p{N}._:%-]+|\\[[0-9A-Fa-f:.%]+]");
    /** Of the name of a database in the file, which a part of an environment variable can stand for. */
    public static final String KEY_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$";

    private static final Pattern KEY_NAME = Pattern.compile(KEY_PATTERN);
    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,127}");

    /** The name of a database, a user, a service. */
    public static final TextRule NAME =
            new TextRule(TextRule::name, "accepted: 1 to " + MAX_NAME_LENGTH + " characters", "text");

    /** The name by which the file and programs know a database. */
    public static final TextRule KEY = new TextRule(
            text -> KEY_NAME.matcher(text).matches() ? null : "is not accepted as a name",
            "accepted: up to 63 letters, digits, '-', '_' and '.'",
            "up to 63 letters, digits, '-', '_' and '.'");

    /** A host name, an IPv4 address, an IPv6 address with or without brackets; the directory of a Unix-domain socket. */
    public static final TextRule HOST =
            new TextRule(TextRule::host, "write the host alone, the port under 'port'", "name or address");

    /** A password. The server ends a text at a NUL; everything else may be in it. */
    public static final TextRule PASSWORD = new TextRule(
            text -> text.indexOf('\0') >= 0 ? "has a NUL character" : tooLong(text, MAX_VALUE_LENGTH),
            "check where it comes from",
            "text");

    /** A run-time parameter of the server; extensions have a dot in theirs. */
    public static final TextRule SERVER_SETTING_NAME = new TextRule(
            text -> PARAMETER_NAME.matcher(text).matches() ? null : "is not the name of a run-time parameter",
            "PostgreSQL has names such as application_name and search_path",
            "name of a parameter");

    /** The value of a run-time parameter. */
    public static final TextRule SERVER_SETTING = new TextRule(
            text -> hasControls(text) ? "has a control character" : tooLong(text, MAX_VALUE_LENGTH),
            "check where it comes from",
            "text");

    /** The name of a file. */
    public static final TextRule FILE = new TextRule(
            text -> text.isBlank()
                    ? "is empty"
                    : hasControls(text) ? "has a control character" : tooLong(text, MAX_VALUE_LENGTH),
            "write the name of a file",
            "name of a file");

    /** Whatever it is: it is checked later. */
    public static final TextRule ANY = new TextRule(text -> tooLong(text, MAX_VALUE_LENGTH), "shorten it", "text");

    private static @Nullable String name(String text) {
        if (text.isBlank()) {
            return "is empty";
        }
        return hasControls(text) ? "has a control character" : tooLong(text, MAX_NAME_LENGTH);
    }

    private static @Nullable String tooLong(String text, int max) {
        return text.length() <= max ? null : "has " + text.length() + " characters, " + max + " are accepted";
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static @Nullable String host(String text) {
        if (text.startsWith("/")) {
            return hasControls(text)
                    ? "has a control character"
                    : text.length() <= MAX_SOCKET_LENGTH
                            ? null
                            : "is too long for the directory of a Unix-domain socket";
        }
        return isHost(text) ? null : "is not the name or address of a host";
    }

    private static boolean isHost(String text) {
        boolean hasPort = text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        return text.length() <= MAX_HOST_LENGTH
                && !hasPort
                && HOST_NAME.matcher(text).matches();
    }

    /** Tells whether {@code value} is as it must be, and reports it if not. */
    public boolean accepts(Value value, Problems problems) {
        String found = complaint.apply(value.text());
        if (found != null) {
            problems.add(value.place(), found, hint);
        }
        return found == null;
    }

    @Override
    public Optional<String> parse(Value value, Problems problems) {
        return accepts(value, problems) ? Optional.of(value.text()) : Optional.empty();
    }

    @Override
    public String show(String value) {
        return Shown.line(value);
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.text();
    }
}
