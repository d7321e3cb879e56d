package io.memfuse.config.url;

import io.memfuse.config.kind.IntRange;
import io.memfuse.config.kind.TextRule;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the URL of a database apart, as libpq ({@code postgresql://}, {@code postgres://}) and the drivers
 * ({@code jdbc:postgresql://}, {@code r2dbc:postgresql://}) have it. No complaint shows a part of it: where a separator is
 * missing, any part may be the password. For one use.
 */
public final class PostgresUrlParser {

    private static final Pattern URL = Pattern.compile(
            "(?:(?:jdbc|r2dbc):)?postgres(?:ql)?:(?://(?<authority>[^/?]*))?(?:/?(?<database>[^?]*))(?:\\?(?<query>.*))?");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?<host>\\[[^\\]]*]|[^:]*)(?::(?<port>.*))?");
    private static final IntRange PORTS = new IntRange(1, 65_535);

    /** What is wrong with a URL, and what to do. */
    public record Complaint(String message, String hint) {}

    private final Consumer<Complaint> complaints;
    private final Map<String, String> parts = new HashMap<>();
    private boolean failed;

    private PostgresUrlParser(Consumer<Complaint> complaints) {
        this.complaints = complaints;
    }

    /** Returns what the URL says; null if something is wrong with it, all of which is told. */
    public static @Nullable PostgresUrl parse(String text, Consumer<Complaint> complaints) {
        return new PostgresUrlParser(complaints).parse(text);
    }

    private @Nullable PostgresUrl parse(String text) {
        Matcher matcher = URL.matcher(text);
        if (text.indexOf('#') >= 0) {
            complain("has a '#'", "write it as %23");
            return null;
        }
        if (!matcher.matches()) {
            complain(
                    "is not the URL of a PostgreSQL database",
                    "accepted: postgresql://user@host:5432/database, with 'jdbc:' or 'r2dbc:' before it or not");
            return null;
        }
        authority(matcher.group("authority"));
        put("database", "database", matcher.group("database"));
        query(matcher.group("query"));
        return checked();
    }

    private void authority(@Nullable String authority) {
        if (authority == null) {
            return;
        }
        int at = authority.indexOf('@');
        if (at >= 0 && at != authority.lastIndexOf('@')) {
            complain("has more than one '@' before the host", "write those of user and password as %40");
            return;
        }
        if (at >= 0) {
            String login = authority.substring(0, at);
            int colon = login.indexOf(':');
            put("user", "user", colon < 0 ? login : login.substring(0, colon));
            put("password", "password", colon < 0 ? "" : login.substring(colon + 1));
        }
        server(authority.substring(at + 1));
    }

    private void server(String server) {
        // A bracket that is opened and not closed would leave a port of what follows.
        boolean open = server.startsWith("[") && server.indexOf(']') < 0;
        Matcher matcher = HOST_AND_PORT.matcher(server);
        if (server.indexOf(',') >= 0) {
            complainOfSeveral();
        } else if (!open && matcher.matches()) {
            put("host", "host", matcher.group("host"));
            put("port", "port", matcher.group("port"));
        } else {
            complain("has a host that is not one", "write an IPv6 address in brackets: [::1]:5432");
        }
    }

    private void query(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return;
        }
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String part = UrlParameters.part(name);
            if (part == null) {
                complain(UrlParameters.complaint(name));
            } else if (equals < 0) {
                complain("has a parameter '" + name + "' without a value", "write '" + name + "=value'");
            } else {
                put(part, name, parameter.substring(equals + 1));
            }
        }
    }

    private void put(String part, String name, @Nullable String encoded) {
        if (encoded == null || encoded.isEmpty()) {
            return;
        }
        String text = PercentCode.decoded(encoded);
        if (text == null) {
            complain("has a '%' that does not begin the code of a character in its " + name, "write it as %25");
        } else if (parts.putIfAbsent(part, text) != null) {
            complain("says twice what its " + name + " is", "remove one of the two");
        }
    }

    private @Nullable PostgresUrl checked() {
        String host = parts.get("host");
        if (host != null && host.startsWith("/")) {
            complain(
                    "names a Unix-domain socket, to which neither driver connects by itself",
                    "write the host and port on which the server listens too, such as localhost:5432");
        } else if (host != null && host.indexOf(',') >= 0) {
            complainOfSeveral();
        } else {
            check("host", TextRule.HOST);
        }
        check("database", TextRule.NAME);
        check("user", TextRule.NAME);
        check("password", TextRule.PASSWORD);
        check("ssl_root_cert", TextRule.FILE);
        check("application_name", TextRule.SERVER_SETTING);
        check("search_path", TextRule.SERVER_SETTING);
        Integer port = port(parts.get("port"));
        String mode = parts.get("ssl_mode");
        if (mode != null && SslMode.of(mode).isEmpty()) {
            complain("has an sslmode that is none", "accepted: " + SslMode.words());
        }
        String certificates = parts.get("ssl_root_cert");
        if (certificates != null
                && SslMode.of(String.valueOf(mode)).filter(SslMode::verifies).isEmpty()) {
            complain(
                    "has an sslrootcert, which is looked at with sslmode verify-ca and verify-full only",
                    "set sslmode, or remove it");
        }
        return failed ? null : url(port);
    }

    private PostgresUrl url(@Nullable Integer port) {
        String password = parts.get("password");
        String certificates = parts.get("ssl_root_cert");
        Map<String, String> settings = new HashMap<>(parts);
        settings.keySet().retainAll(List.of("application_name", "search_path"));
        return new PostgresUrl(
                parts.get("host"),
                port,
                parts.get("database"),
                parts.get("user"),
                password == null ? null : Secret.of(password),
                SslMode.of(parts.getOrDefault("ssl_mode", "")).orElse(null),
                certificates == null ? null : Path.of(certificates),
                settings);
    }

    private void check(String part, TextRule rule) {
        String text = parts.get(part);
        String complaint = text == null ? null : rule.complaint().apply(text);
        if (complaint != null) {
            complain("has " + article(part) + " that " + complaint, rule.hint());
        }
    }

    private static String article(String part) {
        return (part.startsWith("a") ? "an " : "a ") + part;
    }

    private @Nullable Integer port(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= PORTS.min() && port <= PORTS.max()) {
                return port;
            }
        }
        complain("has a port that is none", "accepted: " + PORTS.accepted());
        return null;
    }

    private void complainOfSeveral() {
        complain(
                "names several hosts, and a pool connects to one",
                "name one: the primary, or a proxy or DNS name that leads to it");
    }

    private void complain(String message, String hint) {
        complain(new Complaint(message, hint));
    }

    private void complain(Complaint complaint) {
        failed = true;
        complaints.accept(complaint);
    }
}
