package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.kind.HostAndPort;
import io.memfuse.config.url.PostgresUrl;
import io.memfuse.config.url.PostgresUrlParser;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.SslSettings;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresUrlTest {

    private static PoolSpec spec(String url, String... lines) {
        String[] all = Stream.concat(Stream.of("url: \"" + url + "\""), Stream.of(lines))
                .toArray(String[]::new);
        return Yaml.database(all).spec();
    }

    private static List<String> complaints(String url) {
        List<String> complaints = new ArrayList<>();
        PostgresUrl parsed = PostgresUrlParser.parse(
                url, complaint -> complaints.add(complaint.message() + "; " + complaint.hint()));
        assertThat(parsed == null).as(url).isEqualTo(!complaints.isEmpty());
        return complaints;
    }

    @Test
    void saysAllThatReachesADatabase() {
        assertThat(spec("postgresql://alice:s3cret@db.example.org:6432/sales?sslmode=verify-full"
                        + "&sslrootcert=/etc/ca.pem&application_name=web"))
                .isEqualTo(PoolSpec.builder("hikari", "sales")
                        .host("db.example.org")
                        .port(6432)
                        .user("alice")
                        .password(Secret.of("s3cret"))
                        .sslMode(SslMode.VERIFY_FULL)
                        .sslRootCert(Path.of("/etc/ca.pem"))
                        .serverSettings(Map.of("application_name", "web"))
                        .build());
    }

    @Test
    void leavesTheRestToTheKeysOfTheDatabaseAndToDefaults() {
        assertThat(spec("postgresql://db1", "user: bob", "password: s3cret", "port: 6432", "max_size: 7"))
                .isEqualTo(PoolSpec.builder("hikari", "orders")
                        .host("db1")
                        .port(6432)
                        .user("bob")
                        .password(Secret.of("s3cret"))
                        .limits(PoolSettings.DEFAULTS.limits().withSizes(5, 7))
                        .build());
        assertThat(Yaml.read("{defaults: {host: db1, port: 6432, ssl_mode: verify-ca, ssl_root_cert: a.pem}, "
                                + "databases: {a: {url: 'postgres:///b?sslmode=disable'}}}")
                        .databases()
                        .get(0)
                        .spec())
                .isEqualTo(PoolSpec.builder("hikari", "b")
                        .host("db1")
                        .port(6432)
                        .sslMode(SslMode.DISABLE)
                        .build());
    }

    @Test
    void namesTheDatabaseOfAWarmUpToo() {
        assertThat(Yaml.warmup("url: postgresql://db1/sales"))
                .extracting(DatabaseConfig::name)
                .isEqualTo("sales");
    }

    /** Each line is one pool in several spellings. */
    private static final List<List<String>> SPELLINGS = List.of(
            List.of(
                    "postgresql://alice@db1:5432/sales",
                    "postgres://alice@db1/sales",
                    "jdbc:postgresql://DB1/sales?user=alice",
                    "r2dbc:postgresql://alice@db1.:5432/sales",
                    "postgresql://%61lice@db1/s%61les",
                    "postgresql://alice@d%421/sales?sslmode=prefer&target_session_attrs=any",
                    "postgresql:///sales?host=db1&user=alice&port=5432",
                    "postgresql:///sales?port=5432&user=alice&host=db1&load_balance_hosts=random",
                    "postgresql://db1?dbname=sales&user=alice",
                    "postgresql://alice@db1,DB1/sales"),
            List.of("postgresql://alice@db1:5433/sales"),
            List.of("postgresql://alice@db1.example/sales"),
            List.of(
                    "postgresql://alice@localhost/sales",
                    "postgresql://alice@/sales",
                    "postgresql://alice@LOCALHOST./sales"),
            List.of("postgresql://alice@127.0.0.1/sales"),
            List.of("postgresql://Alice@db1/sales"),
            List.of("postgresql://alice@db1/Sales"),
            List.of(
                    "postgresql://[::1]/a",
                    "postgresql://[0:0:0:0:0:0:0:1]:5432/a",
                    "jdbc:postgresql://[0000::0001]/a",
                    "postgresql:///a?host=::1"),
            List.of(
                    "postgresql://db1:5432,db2:5433/a",
                    "postgresql://DB1,db2.:5433/a",
                    "jdbc:postgresql://db1,db2:5433/a?targetServerType=any&loadBalanceHosts=false",
                    "r2dbc:postgresql:failover://db1:5432,db2:5433/a",
                    "postgresql:///a?host=db1,db2&port=5432,5433",
                    "postgresql:///a?port=,5433&host=db1,db2"),
            List.of("postgresql://db2:5433,db1:5432/a"),
            List.of("postgresql://db1,db2/a", "postgresql:///a?host=db1,db2&port=5432", "postgresql:///a?host=db1,db2"),
            List.of(
                    "postgresql://db1,db2/a?target_session_attrs=primary",
                    "jdbc:postgresql://db1,db2/a?targetServerType=primary",
                    "jdbc:postgresql://db1,db2/a?targetServerType=master"),
            List.of("postgresql://db1,db2/a?target_session_attrs=read-write"),
            List.of(
                    "postgresql://db1,db2/a?target_session_attrs=standby",
                    "jdbc:postgresql://db1,db2/a?targetServerType=slave"),
            List.of("postgresql://db1,db2/a?target_session_attrs=prefer-standby"),
            List.of(
                    "postgresql://db1,db2/a?load_balance_hosts=random",
                    "jdbc:postgresql://db2,db1/a?loadBalanceHosts=true"),
            List.of(
                    "postgresql://%2Fvar%2Frun%2Fpostgresql/a",
                    "postgresql:///a?host=/var/run/postgresql",
                    "postgresql://%2Fvar%2Frun%2Fpostgresql%2F:5432/a",
                    "postgresql:///a?host=//var/./run/postgresql&port=5432"),
            List.of("postgresql:///a?host=/var/run/postgresql&port=5433"),
            List.of("postgresql:///a?host=/var/run/Postgresql"));

    private static PoolKey<?> keyOf(String url) {
        return PoolKey.of(spec(url), Object.class);
    }

    @Test
    void hasOneKeyInEachSpellingAndAnotherForAnotherPool() {
        Map<PoolKey<?>, String> pools = new HashMap<>();
        for (List<String> spellings : SPELLINGS) {
            assertThat(pools.put(keyOf(spellings.get(0)), spellings.get(0)))
                    .as(spellings.get(0))
                    .isNull();
            assertThat(spellings).allSatisfy(url -> assertThat(keyOf(url)).isEqualTo(keyOf(spellings.get(0))));
        }
        assertThat(keyOf("postgresql:///sales?port=5432&user=alice&host=DB1."))
                .hasToString("hikari://alice@db1:5432/sales");
        assertThat(keyOf("postgresql://[0::1]/a")).hasToString("hikari://postgres@[::1]:5432/a");
    }

    @Test
    void hasTheKeyThatTheKeysOfADatabaseHave() {
        assertThat(PoolKey.of(
                        Yaml.database(
                                        "host: 'db1, db2:5433'",
                                        "target_session_attrs: standby",
                                        "load_balance_hosts: random")
                                .spec(),
                        Object.class))
                .isEqualTo(keyOf(
                        "jdbc:postgresql://db2:5433,db1/orders?targetServerType=secondary&loadBalanceHosts=true"));
        assertThat(PoolKey.of(Yaml.database("host: /run/pg/", "port: 5433").spec(), Object.class))
                .isEqualTo(keyOf("postgresql://%2Frun%2Fpg:5433/orders"));
        assertThat(keyOf("postgresql://db1,db2:5433/orders"))
                .isEqualTo(PoolKey.of(spec("postgresql://db1,db2:5433/orders", "port: 5432"), Object.class));
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql:sales, localhost, sales",
        "jdbc:postgresql:/, localhost, orders",
        "postgresql:, localhost, orders",
        "postgresql://, localhost, orders",
        "postgresql://db1/, db1, orders",
        "postgresql://db1/a%2Fb, db1, a/b",
        "postgresql://db1/a/b, db1, a/b",
    })
    void mayBeShort(String url, String host, String database) {
        assertThat(spec(url))
                .extracting(spec -> spec.endpoints().first().host(), PoolSpec::database)
                .containsExactly(host, database);
    }

    @Test
    void decodesWhatIsEncoded() {
        assertThat(spec("postgresql://al%40ce:p%3A%2F%25%20%C3%A4+%2523@db1/%22x%22"))
                .extracting(PoolSpec::user, PoolSpec::password, PoolSpec::database)
                .containsExactly("al@ce", Secret.of("p:/% ä+%23"), "\"x\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mysql://db1/a                       | is not the URL of a PostgreSQL database
            db1:5432/a                          | is not the URL of a PostgreSQL database
            r2dbcs:postgresql://db1/a           | is not the URL of a PostgreSQL database
            postgresql://HUSH@b@db1/a           | has more than one '@' before the host
            postgresql://a:HUSH#1@db1/a         | has a '#'
            postgresql://a:HU%ZZSH@db1/a        | has a '%' that does not begin the code of a character in its password
            postgresql://a:HUSH%@db1/a          | has a '%' that does not begin the code of a character in its password
            postgresql://a:HUSH%FF@db1/a        | has a '%' that does not begin the code of a character in its password
            postgresql://a:HUSH%00@db1/a        | has a password that has a NUL character
            postgresql://alice:HUSH/a           | has a port that is none
            postgresql://db1:0/a                | has a port that is none
            postgresql://db1:65536/a            | has a port that is none
            postgresql://::1/a                  | has a port that is none
            postgresql://[::1/a                 | has a host that is not one
            postgresql://d b1/a                 | has a host that is not the name or address of a host
            postgresql://db1,,db2/a             | has a host that is not the name or address of a host
            postgresql://db1,:5433/a            | has a host that is not the name or address of a host
            postgresql://db1,db2:HUSH/a         | has a port that is none
            postgresql://db1,[::1/a             | has a host that is not one
            postgresql:///a?host=db1,           | has a host that is not the name or address of a host
            postgresql:///a?host=a,b,c&port=1,2 | has more ports than hosts, or fewer
            postgresql://db1/a?port=5432,HUSH   | has more ports than hosts, or fewer
            postgresql:///a?port=5432,5433      | has more ports than hosts, or fewer
            postgresql:///a?port=0              | has a port that is none
            postgresql://db1,db2:1/a?port=5432  | says twice what its port is
            postgresql://db1,db2/a?host=db3     | says twice what its host is
            postgresql://a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a/d | has 17 hosts
            postgresql://db1,db%ZZ/a            | has a '%' that does not begin the code of a character in its host
            postgresql://%2Fvar%0Arun/a         | has a host that has a control character
            postgresql://a,b/a?target_session_attrs=HUSH  | has a value of target_session_attrs that is none
            postgresql://a,b/a?targetServerType=HUSH      | has a value of target_session_attrs that is none
            postgresql://a,b/a?load_balance_hosts=HUSH    | has a value of load_balance_hosts that is none
            postgresql://a,b/a?hostRecheckSeconds=3       | has the parameter 'hostRecheckSeconds', which is not accepted
            postgresql://db1/a?sslmode=HUSH     | has an sslmode that is none
            postgresql://db1/a?sslrootcert=a    | has an sslrootcert, which is looked at with sslmode verify-ca and verify-full only
            postgresql://db1/a?ssl=true         | has the parameter 'ssl', which is not accepted
            postgresql://db1/a?HUSH=HUSH        | has a parameter that is not known
            postgresql://db1/a?user             | has a parameter 'user' without a value
            postgresql://db1/a?host=db2         | says twice what its host is
            postgresql://%20/a                  | has a host that is not the name or address of a host
            postgresql://db1/%20                | has a database that is empty
            postgresql://db1/a?application_name=%0A | has an application_name that has a control character
            """)
    void isRefusedWithoutBeingShown(String url, String complaint) {
        assertThat(complaints(url))
                .singleElement()
                .satisfies(one -> assertThat(one).startsWith(complaint + "; ").doesNotContain("HUSH"));
    }

    @Test
    void tellsEverythingThatIsWrong() {
        assertThat(complaints("postgresql://db1:x/a?sslmode=y&z=1")).hasSize(3);
    }

    @Test
    void isNotShownByProblemsNorByItsText() {
        assertThat(Yaml.problems("databases: {a: {url: 'postgresql://a:HUSH/b', host: db1, hosts: x}}"))
                .hasSize(2)
                .noneMatch(problem -> problem.contains("HUSH"))
                .first()
                .isEqualTo("memfuse.yaml:1:22: databases.a.url: has a port that is none; accepted: 1 to 65535");
        PostgresUrl url = Objects.requireNonNull(PostgresUrlParser.parse("postgresql://a:HUSH@db1/b", complaint -> {}));
        assertThat(url.toString()).doesNotContain("HUSH");
    }

    @Test
    void maySayNothingThatAKeySaysToo() {
        assertThat(Yaml.problems("databases: {a: {url: 'postgresql://db1/b', host: db1, database: b, user: c}}"))
                .containsExactly(
                        "memfuse.yaml:1:50: databases.a.host: is given by 'url' too; keep one of the two",
                        "memfuse.yaml:1:65: databases.a.database: is given by 'url' too; keep one of the two");
    }

    @Test
    void isWhereItsPartsComeFrom() {
        List<String> effective = MemFuse.builder()
                .config(Yaml.read("databases: {a: {provider: found, url: 'postgresql://u:HUSH@db1'}}"))
                .effective()
                .stream()
                .map(value -> value.path() + " " + value.value() + " "
                        + value.origin().map(Origin::toString).orElse("built-in"))
                .toList();

        assertThat(effective)
                .contains(
                        "databases.a.host db1 memfuse.yaml:1:39",
                        "databases.a.port 5432 built-in",
                        "databases.a.user u memfuse.yaml:1:39",
                        "databases.a.password [secret] memfuse.yaml:1:39");
    }

    @Nested
    class AtRandom {

        private static final List<SslMode> MODES = List.of(SslMode.values());

        private final long seed = Long.getLong("memfuse.fuzz.seed", System.nanoTime());
        private final Random random = new Random(seed);

        private String text(String letters) {
            return random.ints(1 + random.nextInt(12), 0, letters.length())
                    .mapToObj(i -> letters.substring(i, i + 1))
                    .reduce("", String::concat);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }

        private <T> Optional<T> maybe(T value) {
            return random.nextBoolean() ? Optional.of(value) : Optional.empty();
        }

        private HostAndPort host() {
            String host = switch (random.nextInt(4)) {
                case 0 -> "[2001:db8::" + (1 + random.nextInt(9)) + "]";
                case 1 -> "/" + text("abc/.,:@%ä");
                default -> text("abc.-") + "x";
            };
            return new HostAndPort(host, maybe(1 + random.nextInt(65_535)).orElse(null));
        }

        private static String written(HostAndPort host) {
            return (host.host().startsWith("/") ? encoded(host.host()) : host.host())
                    + (host.port() == null ? "" : ":" + host.port());
        }

        /** What a URL is made of comes out of it again, whatever its characters. */
        @Test
        void isReadAsItWasWritten() {
            String any = "aZ09 :/?#[]@!$&'()*+,;=%\"<>\\^`{|}~äß漢";
            for (int i = 0; i < 20_000; i++) {
                List<HostAndPort> hosts =
                        Stream.generate(this::host).limit(1 + random.nextInt(3)).toList();
                Optional<TargetSessionAttrs> target = maybe(TargetSessionAttrs.READ_ONLY);
                String database = "d" + text(any);
                String user = "u" + text(any);
                Optional<String> password = maybe("p" + text(any));
                Optional<SslMode> mode = maybe(MODES.get(random.nextInt(MODES.size())));
                String url = List.of("postgresql://", "postgres://", "jdbc:postgresql://", "r2dbc:postgresql://")
                                .get(random.nextInt(4))
                        + encoded(user)
                        + password.map(text -> ":" + encoded(text)).orElse("") + "@"
                        + hosts.stream().map(AtRandom::written).collect(Collectors.joining(",")) + "/"
                        + encoded(database)
                        + Stream.concat(
                                        mode.map(word -> "sslmode=" + word).stream(),
                                        target.map(word -> "target_session_attrs=" + word).stream())
                                .reduce((one, other) -> one + "&" + other)
                                .map(parameters -> "?" + parameters)
                                .orElse("");

                PostgresUrl parsed = PostgresUrlParser.parse(url, complaint -> {
                    throw new AssertionError("seed " + seed + ": " + url + ": " + complaint);
                });

                assertThat(parsed)
                        .as("seed %d: %s", seed, url)
                        .isEqualTo(new PostgresUrl(
                                hosts,
                                null,
                                target.orElse(null),
                                null,
                                database,
                                user,
                                password.map(Secret::of).orElse(null),
                                mode.orElse(null),
                                null,
                                Map.of()));
            }
        }

        @Test
        void endsInAUrlOrInComplaintsThatShowNothing() {
            List<String> pieces = List.of(
                    "postgresql:",
                    "jdbc:",
                    "//",
                    "/",
                    "@",
                    ":",
                    "HUSH",
                    "[",
                    "]",
                    "::1",
                    "%",
                    "%41",
                    "%00",
                    "?",
                    "&",
                    "=",
                    "sslmode",
                    "host",
                    "port",
                    "user",
                    ",",
                    "#",
                    " ",
                    "5432",
                    "db",
                    "%2F",
                    "target_session_attrs=",
                    "read-write",
                    "load_balance_hosts=random",
                    "\n",
                    "\ud800");
            int urls = 0;
            int inputs = 200_000;
            for (int i = 0; i < inputs; i++) {
                var text = new StringBuilder(random.nextInt(8) == 0 ? "" : "postgresql://");
                for (int j = random.nextInt(10); j >= 0; j--) {
                    text.append(pieces.get(random.nextInt(pieces.size())));
                }
                List<String> complaints = complaints(text.toString());
                assertThat(complaints).as("seed %d: %s", seed, text).noneMatch(one -> one.contains("HUSH"));
                urls += complaints.isEmpty() ? 1 : 0;
            }
            System.out.println("fuzz of URLs: seed " + seed + ", " + inputs + " inputs, " + urls + " URLs");
            assertThat(urls).isPositive();
        }
    }

    @Test
    void keepsTheModeOfDefaultsUnlessItHasOne() {
        assertThat(Yaml.read("{defaults: {ssl_mode: require}, databases: {a: {url: 'postgresql://db1/b'}}}")
                        .databases()
                        .get(0)
                        .spec()
                        .ssl())
                .isEqualTo(new SslSettings(SslMode.REQUIRE, Optional.empty()));
    }
}
