package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The run-time parameters of the server that a session starts with. Immutable and thread-safe.
 *
 * @param applicationName what the session calls itself
 * @param atLogin parameters that the server itself applies at login
 */
record ServerOptions(String applicationName, Map<String, String> atLogin) {

    private static final String DEFAULT_APPLICATION_NAME = "memfuse";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]*");

    /** The driver relies on its own values of these. */
    private static final Set<String> OWNED_BY_DRIVER = Set.of("client_encoding", "datestyle");

    /** At login these would be no parameters of the server, but say who logs in, where and how. */
    private static final Set<String> OF_THE_LOGIN = Set.of("user", "database", "replication", "options");

    ServerOptions {
        atLogin = Map.copyOf(atLogin);
    }

    /** @throws IllegalArgumentException if a setting cannot be sent; the message says which and what to do */
    static ServerOptions of(Map<String, String> settings, PoolLimits limits) {
        Duration commandTimeout = limits.commandTimeout();
        var atLogin = new LinkedHashMap<String, String>();
        if (!commandTimeout.isZero()) {
            atLogin.put("statement_timeout", Long.toString(commandTimeout.toMillis()));
        }
        String applicationName = DEFAULT_APPLICATION_NAME;
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            check(setting.getKey(), setting.getValue(), commandTimeout);
            if (setting.getKey().equalsIgnoreCase("application_name")) {
                applicationName = setting.getValue();
            } else {
                atLogin.put(setting.getKey(), setting.getValue());
            }
        }
        return new ServerOptions(applicationName, atLogin);
    }

    private static void check(String name, String value, Duration commandTimeout) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches() || OF_THE_LOGIN.contains(lowerCase)) {
            throw new IllegalArgumentException(
                    "server_settings: '" + name + "' is not the name of a run-time parameter of PostgreSQL");
        }
        if (OWNED_BY_DRIVER.contains(lowerCase)) {
            throw new IllegalArgumentException("server_settings: '" + name
                    + "' is set by the R2DBC driver, which works with no other value; remove it");
        }
        if (lowerCase.equals("statement_timeout") && !commandTimeout.isZero()) {
            throw new IllegalArgumentException("server_settings: 'statement_timeout' is given twice, here and as "
                    + "command_timeout; keep one, and set command_timeout to 0 if it is this one");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("server_settings: the value of '" + name + "' has a NUL character");
        }
    }
}
