package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The run-time parameters of the server that a session starts with, sorted by the way in which each reaches the server.
 * Immutable and thread-safe.
 *
 * @param commandLine the start-up parameter {@code options}: the parameters that the server itself applies at login
 * @param applicationName what the session calls itself
 * @param afterLogin parameters that the driver sends itself at login, and which therefore have to be set once more
 */
record ServerOptions(String commandLine, String applicationName, Map<String, String> afterLogin) {

    private static final String DEFAULT_APPLICATION_NAME = "memfuse";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]*");

    /** The driver sends its own values of these. */
    private static final Set<String> SENT_BY_DRIVER = Set.of("timezone", "extra_float_digits");

    /** The driver relies on its own values of these, and closes a session that has others. */
    private static final Set<String> OWNED_BY_DRIVER = Set.of("client_encoding", "datestyle");

    ServerOptions {
        afterLogin = Map.copyOf(afterLogin);
    }

    /** @throws IllegalArgumentException if a setting cannot be sent; the message says which and what to do */
    static ServerOptions of(Map<String, String> settings, PoolLimits limits) {
        Duration commandTimeout = limits.commandTimeout();
        var commandLine = new StringBuilder();
        if (!commandTimeout.isZero()) {
            append(commandLine, "statement_timeout", Long.toString(commandTimeout.toMillis()));
        }
        String applicationName = DEFAULT_APPLICATION_NAME;
        var afterLogin = new LinkedHashMap<String, String>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String name = setting.getKey().toLowerCase(Locale.ROOT);
            String value = setting.getValue();
            check(setting.getKey(), value, commandTimeout);
            if (name.equals("application_name")) {
                applicationName = value;
            } else if (SENT_BY_DRIVER.contains(name)) {
                afterLogin.put(name, value);
            } else {
                append(commandLine, setting.getKey(), value);
            }
        }
        return new ServerOptions(commandLine.toString(), applicationName, afterLogin);
    }

    private static void check(String name, String value, Duration commandTimeout) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "server_settings: '" + name + "' is not the name of a run-time parameter of PostgreSQL");
        }
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (OWNED_BY_DRIVER.contains(lowerCase)) {
            throw new IllegalArgumentException("server_settings: '" + name
                    + "' is set by the JDBC driver, which works with no other value; remove it");
        }
        if (lowerCase.equals("statement_timeout") && !commandTimeout.isZero()) {
            throw new IllegalArgumentException("server_settings: 'statement_timeout' is given twice, here and as "
                    + "command_timeout; keep one, and set command_timeout to 0 if it is this one");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("server_settings: the value of '" + name + "' has a NUL character");
        }
    }

    /** The server splits the options at white space; a backslash takes the next character as it is. */
    private static void append(StringBuilder commandLine, String name, String value) {
        commandLine
                .append(commandLine.length() == 0 ? "-c " : " -c ")
                .append(name)
                .append('=');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            // The white space of C's isspace(), which is what the server goes by: \t \n \v \f \r and the space.
            if (character == '\\' || character == ' ' || (character >= '\t' && character <= '\r')) {
                commandLine.append('\\');
            }
            commandLine.append(character);
        }
    }
}
