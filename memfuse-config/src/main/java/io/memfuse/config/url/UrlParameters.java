package io.memfuse.config.url;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a URL: those that mean something here, and what to write in place of others. */
final class UrlParameters {

    /** What other names of a parameter mean here. */
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("host", "host"),
            Map.entry("port", "port"),
            Map.entry("dbname", "database"),
            Map.entry("user", "user"),
            Map.entry("password", "password"),
            Map.entry("sslmode", "ssl_mode"),
            Map.entry("sslMode", "ssl_mode"),
            Map.entry("sslrootcert", "ssl_root_cert"),
            Map.entry("sslRootCert", "ssl_root_cert"),
            Map.entry("application_name", "application_name"),
            Map.entry("ApplicationName", "application_name"),
            Map.entry("applicationName", "application_name"),
            Map.entry("currentSchema", "search_path"),
            Map.entry("schema", "search_path"));

    /** What to write in place of others. */
    private static final Map<String, String> INSTEAD = Map.of(
            "ssl", "write 'sslmode=verify-full', which is what the JDBC driver makes of it, or another mode",
            "options", "write them under 'server_settings'",
            "connect_timeout", "set 'timeout'",
            "connectTimeout", "set 'timeout'",
            "loginTimeout", "set 'timeout'",
            "socketTimeout", "set 'command_timeout'",
            "target_session_attrs", "name the host that is to be used");

    private UrlParameters() {}

    /** Returns which part of a URL a parameter gives; null if none. */
    static @Nullable String part(String parameter) {
        return PARTS.get(parameter);
    }

    /** Returns what to say of a parameter that gives no part. Only what is known not to be a secret is shown. */
    static PostgresUrlParser.Complaint complaint(String parameter) {
        String instead = INSTEAD.get(parameter);
        return instead != null
                ? new PostgresUrlParser.Complaint(
                        "has the parameter '" + parameter + "', which is not accepted", instead)
                : new PostgresUrlParser.Complaint(
                        "has a parameter that is not known",
                        "known: "
                                + String.join(
                                        ", ", PARTS.keySet().stream().sorted().toList())
                                + "; settings have keys of their own");
    }
}
