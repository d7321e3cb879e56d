package io.memfuse.config.key;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.kind.DurationRange;
import io.memfuse.config.kind.FileKind;
import io.memfuse.config.kind.Flag;
import io.memfuse.config.kind.HostAndPort;
import io.memfuse.config.kind.HostsKind;
import io.memfuse.config.kind.IntRange;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.Kind;
import io.memfuse.config.kind.OneOf;
import io.memfuse.config.kind.PasswordKind;
import io.memfuse.config.kind.ServerSettingsKind;
import io.memfuse.config.kind.TextRule;
import io.memfuse.config.url.PostgresUrl;
import io.memfuse.config.url.UrlKind;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.SslSettings;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of a database, each declared once: a new setting is one more line here. */
public final class DatabaseKeys {

    public static final DatabaseKey<String> NAME = text(
            "name", TextRule.NAME, "the database", "what programs ask for", DatabaseConfig::name, (d, v) -> d.name = v);
    public static final DatabaseKey<String> PROVIDER = text(
            "provider",
            TextRule.NAME,
            DatabaseConfig.DEFAULT_PROVIDER,
            "the technology: `hikari` (JDBC), `r2dbc`, or another provider on the class path",
            database -> database.spec().provider(),
            (d, v) -> d.provider = v);
    public static final DatabaseKey<String> DATABASE = text(
            "database",
            TextRule.NAME,
            "the name",
            "the database's name on its server",
            database -> database.spec().database(),
            (d, v) -> d.database = v);
    public static final Key<PostgresUrl> URL = new Key<>(
            "url",
            UrlKind.KIND,
            "none",
            "hosts, ports, database, user, password, `sslmode`, `sslrootcert`, `target_session_attrs`,"
                    + " `load_balance_hosts` and `application_name` in one; what it does not"
                    + " say may have keys of its own");
    public static final DatabaseKey<Secret> PASSWORD = new DatabaseKey<>(
            new Key<>("password", PasswordKind.KIND, "that of the password file", "how to log in; never shown"),
            database -> database.spec().password(),
            (d, v) -> d.password = v);
    public static final DatabaseKey<Boolean> PINNED = new DatabaseKey<>(
            new Key<>(
                    "pinned",
                    Flag.KIND,
                    "whether it is warmed",
                    "whether the pool is exempt from `pool_idle_timeout` and `max_open_pools`"),
            DatabaseConfig::pinned,
            (d, v) -> d.pinned = v);

    /** How to reach the server and log in. */
    private static final List<DatabaseKey<?>> LOGIN = List.of(
            PROVIDER,
            new DatabaseKey<>(
                    new Key<>(
                            "host",
                            HostsKind.KIND,
                            "localhost",
                            "where its server is; several servers that stand in for each other are tried one after the other,"
                                    + " within `timeout`"),
                    of(DatabaseKeys::hosts),
                    (d, v) -> d.hosts = v),
            new DatabaseKey<>(
                    new Key<>(
                            "port",
                            HostsKind.PORTS,
                            "5432",
                            "the TCP port of each host that has none of its own; of a socket the number in its name"),
                    of(spec -> spec.endpoints().first().port()),
                    (d, v) -> d.port = v),
            new DatabaseKey<>(
                    new Key<>(
                            "target_session_attrs",
                            new OneOf<>(
                                    "what a session can be like",
                                    List.of(TargetSessionAttrs.values()),
                                    TargetSessionAttrs::word),
                            TargetSessionAttrs.ANY.word(),
                            "what a session has to be like, or the next host is tried, as PostgreSQL's own clients mean it"),
                    of(spec -> spec.endpoints().target()),
                    (d, v) -> d.targetSessionAttrs = v),
            new DatabaseKey<>(
                    new Key<>(
                            "load_balance_hosts",
                            new OneOf<>("a way to choose a host", List.of(false, true), DatabaseKeys::balance),
                            balance(false),
                            "whether several hosts are tried in random order, for each connection anew"),
                    of(spec -> spec.endpoints().loadBalanced()),
                    (d, v) -> d.loadBalanced = v),
            text("user", TextRule.NAME, "postgres", "who logs in", of(PoolSpec::user), (d, v) -> d.user = v),
            PASSWORD);

    public static final DatabaseKey<Integer> MIN_SIZE = limit(
            "min_size",
            new IntRange(0, PoolLimits.MAX_SIZE),
            PoolLimits::minSize,
            (limits, min) -> limits.withSizes(min, limits.maxSize()),
            "connections that are kept idle and ready, at least");
    public static final DatabaseKey<Integer> MAX_SIZE = limit(
            "max_size",
            new IntRange(1, PoolLimits.MAX_SIZE),
            PoolLimits::maxSize,
            (limits, max) -> limits.withSizes(limits.minSize(), max),
            "connections at most");

    public static final DatabaseKey<Map<String, String>> SERVER_SETTINGS = new DatabaseKey<>(
            new Key<>(
                    "server_settings",
                    ServerSettingsKind.KIND,
                    "none",
                    "run-time parameters of PostgreSQL that every connection starts with; they add to those of `defaults`"),
            of(PoolSpec::serverSettings),
            DatabaseDraft::serverSettings);

    public static final DatabaseKey<SslMode> SSL_MODE = new DatabaseKey<>(
            new Key<>(
                    "ssl_mode",
                    new OneOf<>("a mode of SSL", List.of(SslMode.values()), SslMode::word),
                    SslSettings.DEFAULTS.mode().word(),
                    "whether connections are encrypted, and how far the server has to prove who it is, as PostgreSQL's own"
                            + " clients mean it"),
            of(spec -> spec.ssl().mode()),
            // Certificates that are inherited are left out where the mode does not look at them.
            (d, v) -> d.ssl(new SslSettings(v, d.settings.ssl().rootCert().filter(file -> v.verifies()))));
    public static final DatabaseKey<Optional<Path>> SSL_ROOT_CERT = new DatabaseKey<>(
            new Key<>(
                    "ssl_root_cert",
                    FileKind.KIND,
                    "the JVM's",
                    "file with the certificates (PEM) of the authorities that `verify-ca` and `verify-full` trust; a relative"
                            + " path begins at the working directory"),
            of(spec -> spec.ssl().rootCert()),
            (d, v) -> d.ssl(new SslSettings(d.settings.ssl().mode(), v)));

    /** The settings of a pool. */
    public static final List<DatabaseKey<?>> SETTINGS = List.of(
            MIN_SIZE,
            MAX_SIZE,
            limit(
                    "max_queries",
                    new IntRange(0, 1_000_000_000),
                    PoolLimits::maxQueries,
                    PoolLimits::withMaxQueries,
                    "statements after which a connection is replaced, when it is given back; 0 for no limit"),
            limit(
                    "max_inactive_connection_lifetime",
                    new DurationRange(Duration.ofSeconds(10), Duration.ofHours(24), "for ever"),
                    PoolLimits::maxInactiveConnectionLifetime,
                    PoolLimits::withMaxInactiveConnectionLifetime,
                    "how long a connection beyond `min_size` may lie idle"),
            limit(
                    "max_connection_lifetime",
                    new DurationRange(Duration.ofSeconds(30), Duration.ofHours(24), "no limit"),
                    PoolLimits::maxConnectionLifetime,
                    PoolLimits::withMaxConnectionLifetime,
                    "the age at which a connection is replaced, when nobody has it; for each up to a tenth less, at random"),
            limit(
                    "timeout",
                    new DurationRange(Duration.ofMillis(250), Duration.ofMinutes(10), ""),
                    PoolLimits::timeout,
                    PoolLimits::withTimeout,
                    "how long it may take to establish or to obtain a connection"),
            limit(
                    "command_timeout",
                    new DurationRange(Duration.ofMillis(100), Duration.ofHours(24), "no limit"),
                    PoolLimits::commandTimeout,
                    PoolLimits::withCommandTimeout,
                    "how long a statement may run until the server cancels it"),
            SERVER_SETTINGS,
            SSL_MODE,
            SSL_ROOT_CERT);

    /** What {@code defaults} may have. */
    public static final List<DatabaseKey<?>> INHERITED =
            Stream.of(LOGIN, SETTINGS, List.of(PINNED)).flatMap(List::stream).collect(Collectors.toUnmodifiableList());

    /** What an entry of {@code databases} may have. */
    public static final List<DatabaseKey<?>> OF_A_DATABASE = with(DATABASE, INHERITED);

    /** What an entry of {@code warmup_configs} may have. */
    public static final List<DatabaseKey<?>> OF_AN_ENTRY = with(NAME, OF_A_DATABASE);

    /** What two entries of one database must agree in. */
    public static final List<DatabaseKey<?>> COMPARED = with(PASSWORD, SETTINGS);

    private DatabaseKeys() {}

    public static Set<String> names(List<DatabaseKey<?>> keys) {
        return keys.stream().map(DatabaseKey::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the names of the keys, and {@code url}. */
    public static Set<String> namesWithUrl(List<DatabaseKey<?>> keys) {
        return Stream.concat(Stream.of(URL.name()), names(keys).stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static List<DatabaseKey<?>> with(DatabaseKey<?> first, List<DatabaseKey<?>> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    /** As the file would write them: a port is that of the first host, unless it is a host's own. */
    private static List<HostAndPort> hosts(PoolSpec spec) {
        int port = spec.endpoints().first().port();
        return spec.endpoints().all().stream()
                .map(endpoint -> new HostAndPort(endpoint.host(), endpoint.port() == port ? null : endpoint.port()))
                .toList();
    }

    private static String balance(boolean loadBalanced) {
        return loadBalanced ? "random" : "disable";
    }

    private static DatabaseKey<String> text(
            String name,
            TextRule rule,
            String absent,
            String meaning,
            Function<DatabaseConfig, String> get,
            BiConsumer<DatabaseDraft, String> set) {
        return new DatabaseKey<>(new Key<>(name, rule, absent, meaning), get, set);
    }

    private static <T> Function<DatabaseConfig, T> of(Function<PoolSpec, T> get) {
        return database -> get.apply(database.spec());
    }

    private static <T> DatabaseKey<T> limit(
            String name,
            Kind<T> kind,
            Function<PoolLimits, T> get,
            BiFunction<PoolLimits, T, PoolLimits> with,
            String meaning) {
        return new DatabaseKey<>(
                new Key<>(name, kind, kind.show(get.apply(PoolLimits.DEFAULTS)), meaning),
                of(spec -> get.apply(spec.limits())),
                (draft, value) -> draft.limits(limits -> with.apply(limits, value)));
    }
}
