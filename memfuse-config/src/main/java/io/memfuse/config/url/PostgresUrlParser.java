package io.memfuse.config.url;

import io.memfuse.config.kind.HostAndPort;
import io.memfuse.config.kind.TextRule;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the URL of a database apart, as libpq ({@code postgresql://}, {@code postgres://}) and the drivers
 * ({@code jdbc:postgresql://}, {@code r2dbc:postgresql://}) have it. No complaint shows a part of it: where a separator is
 * missing, any part may be the password. For one use.
 */
public final class PostgresUrlParser {

    private static final Pattern URL = Pattern.compile(
            "(?:(?:jdbc:)?postgres(?:ql)?:|r2dbc:postgres(?:ql)?:(?:failover:)?)(?://(?<authority>[^/?]*))?(?:/?(?<database>[^?]*))(?:\\?(?<query>.*))?");

    /** What is wrong with a URL, and what to do. */
    public record Complaint(String message, String hint) {}

    private final Consumer<Complaint> complaints;
    private final Map<String, String> parts = new HashMap<>();
    private final UrlHosts hosts = new UrlHosts(this::complain);
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
        hosts.authority(authority.substring(at + 1));
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
        hosts.hosts(parts.get("host"));
        hosts.ports(parts.get("port"));
        List<HostAndPort> servers = hosts.all();
        Integer port = hosts.port();
        check("database", TextRule.NAME);
        check("user", TextRule.NAME);
        check("password", TextRule.PASSWORD);
        check("ssl_root_cert", TextRule.FILE);
        check("application_name", TextRule.SERVER_SETTING);
        check("search_path", TextRule.SERVER_SETTING);
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
        Optional<TargetSessionAttrs> target = word("target_session_attrs", UrlParameters.TARGETS);
        Optional<Boolean> balanced = word("load_balance_hosts", UrlParameters.BALANCES);
        return failed ? null : url(servers, port, target.orElse(null), balanced.orElse(null));
    }

    private <T> Optional<T> word(String part, Map<String, T> words) {
        String word = parts.get(part);
        if (word != null && !words.containsKey(word)) {
            complain(
                    "has a value of " + part + " that is none",
                    "accepted: " + words.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return Optional.ofNullable(word).map(words::get);
    }

    private PostgresUrl url(
            List<HostAndPort> servers,
            @Nullable Integer port,
            @Nullable TargetSessionAttrs target,
            @Nullable Boolean balanced) {
        String password = parts.get("password");
        String certificates = parts.get("ssl_root_cert");
        Map<String, String> settings = new HashMap<>(parts);
        settings.keySet().retainAll(List.of("application_name", "search_path"));
        return new PostgresUrl(
                servers,
                port,
                target,
                balanced,
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

    private void complain(String message, String hint) {
        complain(new Complaint(message, hint));
    }

    private void complain(Complaint complaint) {
        failed = true;
        complaints.accept(complaint);
    }
}
