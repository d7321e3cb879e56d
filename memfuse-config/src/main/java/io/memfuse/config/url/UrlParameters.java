package io.memfuse.config.url;

import io.memfuse.core.pool.TargetSessionAttrs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a URL: those that mean something here, and what to write in place of others. */
final class UrlParameters {

    /** What other names of a parameter mean here. */
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("host", "host"),
            Map.entry("port", "port"),
            Map.entry("target_session_attrs", "target_session_attrs"),
            Map.entry("targetServerType", "target_session_attrs"),
            Map.entry("load_balance_hosts", "load_balance_hosts"),
            Map.entry("loadBalanceHosts", "load_balance_hosts"),
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
            "hostRecheckSeconds", "leave it out: a host that failed is tried last for 10 s",
            "hostRecheckTime", "leave it out: a host that failed is tried last for 10 s");

    /** What a session has to be like, in libpq's words and in those of the drivers, which have two for one. */
    static final Map<String, TargetSessionAttrs> TARGETS = Map.ofEntries(
            Map.entry("any", TargetSessionAttrs.ANY),
            Map.entry("read-write", TargetSessionAttrs.READ_WRITE),
            Map.entry("read-only", TargetSessionAttrs.READ_ONLY),
            Map.entry("primary", TargetSessionAttrs.PRIMARY),
            Map.entry("master", TargetSessionAttrs.PRIMARY),
            Map.entry("standby", TargetSessionAttrs.STANDBY),
            Map.entry("secondary", TargetSessionAttrs.STANDBY),
            Map.entry("slave", TargetSessionAttrs.STANDBY),
            Map.entry("prefer-standby", TargetSessionAttrs.PREFER_STANDBY),
            Map.entry("preferSecondary", TargetSessionAttrs.PREFER_STANDBY),
            Map.entry("preferSlave", TargetSessionAttrs.PREFER_STANDBY));

    /** Whether the hosts are tried in random order, in the words of libpq and of the drivers. */
    static final Map<String, Boolean> BALANCES = Map.of("disable", false, "random", true, "false", false, "true", true);

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
