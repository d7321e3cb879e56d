package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.SslSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemFuseConfigTest {

    @Test
    void readsTheSeedsFileUnchanged() {
        MemFuseConfig config = Yaml.read(Yaml.resource("seed.yaml"));

        PoolSpec spec = PoolSpec.builder("hikari", "memfuse")
                .host("localhost")
                .port(5432)
                .user("postgres")
                .password(Secret.of("postgres"))
                .build();
        assertThat(config.connectionPool())
                .isEqualTo(new ConnectionPoolConfig(
                        List.of(new DatabaseConfig("memfuse", spec)),
                        List.of(new PrecacheConfig("default_user", List.of("memory", "buffer", "storage")))));
    }

    @Test
    void showsNoPassword() {
        assertThat(Yaml.read("connection_pool: {warmup_configs: [{database: a, password: not-to-be-shown}]}")
                        .toString())
                .doesNotContain("not-to-be-shown");
    }

    @Test
    void knowsWhereEachValueComesFrom() {
        MemFuseConfig config = Yaml.read("""
                connection_pool:
                  warmup_configs:
                    - database: ${DB}
                      port: 1234
                """, Map.of("DB", "orders"));

        assertThat(config.origins().of("connection_pool.warmup_configs[0].database"))
                .contains(new Origin("memfuse.yaml", 3, 17, true));
        assertThat(config.origins().of("connection_pool.warmup_configs[0].port"))
                .contains(new Origin("memfuse.yaml", 4, 13, false));
        assertThat(config.origins().of("connection_pool.warmup_configs[0].host"))
                .isEmpty();
    }

    @Nested
    class TheRoot {

        @Test
        void hasDefaults() {
            assertThat(Yaml.read("databases: {}"))
                    .extracting(MemFuseConfig::databases, MemFuseConfig::connectionPool, MemFuseConfig::services)
                    .containsExactly(List.of(), ConnectionPoolConfig.EMPTY, Map.of());
        }

        @Test
        void mapsEveryKey() {
            MemFuseConfig config = Yaml.read("""
                    defaults: {host: db1}
                    databases: {orders: {}}
                    connection_pool: {max_open_pools: 8}
                    services: {buffer: {capacity: 100}}
                    monitoring: {times_one_in: 4}
                    """);

            assertThat(config.databases())
                    .extracting(database -> database.spec().endpoints().first().host())
                    .containsExactly("db1");
            assertThat(config.connectionPool().openPools().maxOpenPools()).isEqualTo(8);
            assertThat(config.monitoring().timesOneIn()).isEqualTo(4);
            assertThat(config.services()).isEqualTo(Map.of("buffer", Map.of("capacity", "100")));
        }

        @Test
        void refusesKeysThatItDoesNotHave() {
            assertThat(Yaml.problems("{databases: {}, default: {}, telemetry: {}}"))
                    .satisfiesExactly(
                            problem -> assertThat(problem).endsWith("unknown key; did you mean 'defaults'?"),
                            problem -> assertThat(problem)
                                    .endsWith("telemetry: unknown key; "
                                            + "known: connection_pool, databases, defaults, monitoring, services"));
        }

        @Test
        void wantsADatabaseOrAPool() {
            assertThat(Yaml.problems("defaults: {}"))
                    .containsExactly(
                            "memfuse.yaml:1:1: 'databases' and 'connection_pool' are missing; add one of them");
        }
    }

    @Nested
    class ConnectionPool {

        @Test
        void hasDefaults() {
            assertThat(Yaml.read("connection_pool: {}").connectionPool())
                    .isEqualTo(ConnectionPoolConfig.EMPTY)
                    .isEqualTo(new ConnectionPoolConfig(new OpenPoolLimits(Duration.ZERO, 0), List.of(), List.of()));
        }

        @Test
        void mapsEveryKey() {
            ConnectionPoolConfig config = Yaml.read("""
                            connection_pool:
                              pool_idle_timeout: 10m
                              max_open_pools: 8
                              warmup_configs: [{database: a}]
                              precache_configs: [{user: u, services: [s]}]
                            """).connectionPool();

            assertThat(config)
                    .isEqualTo(new ConnectionPoolConfig(
                            new OpenPoolLimits(Duration.ofMinutes(10), 8),
                            List.of(new DatabaseConfig(
                                    "a", PoolSpec.builder("hikari", "a").build())),
                            List.of(new PrecacheConfig("u", List.of("s")))));
        }

        @Test
        void refusesKeysThatItDoesNotHave() {
            assertThat(Yaml.problems("connection_pool: {warmup: [], minimum_size: 1, warmupConfigs: []}"))
                    .satisfiesExactly(
                            problem -> assertThat(problem).contains("connection_pool.warmup: unknown key; known: "),
                            problem -> assertThat(problem).contains("connection_pool.minimum_size: unknown key"),
                            problem -> assertThat(problem)
                                    .endsWith("connection_pool.warmupConfigs: unknown key; "
                                            + "did you mean 'warmup_configs'?"));
        }

        @Test
        void saysWhereTheSettingsOfAllDatabasesStandNow() {
            assertThat(Yaml.problems("connection_pool: {max_size: 3, pinned: false, server_settings: {}}"))
                    .hasSize(3)
                    .allSatisfy(problem ->
                            assertThat(problem).endsWith("unknown key; write it under 'defaults', for all databases"));
        }
    }

    @Nested
    class Defaults {

        @Test
        void areBuiltIn() {
            assertThat(Yaml.read("{defaults: {}, databases: {a: {}}}").databases())
                    .containsExactly(new DatabaseConfig(
                            "a",
                            new PoolSpec(
                                    "hikari",
                                    Endpoints.of("localhost", 5432),
                                    "a",
                                    "postgres",
                                    Secret.none(),
                                    PoolLimits.DEFAULTS,
                                    Map.of(),
                                    SslSettings.DEFAULTS),
                            false));
        }

        @Test
        void mapEveryKeyForEveryDatabase() {
            MemFuseConfig config = Yaml.read("""
                    defaults:
                      provider: other
                      host: db1
                      port: 6432
                      user: alice
                      password: s3cret
                      min_size: 1
                      max_size: 2
                      max_queries: 3
                      max_inactive_connection_lifetime: 40.0
                      timeout: 5.5
                      command_timeout: 6m
                      max_connection_lifetime: 2h
                      server_settings: {work_mem: 7MB}
                      ssl_mode: verify-full
                      ssl_root_cert: /etc/ssl/our-own.pem
                      pinned: true
                    databases: {a: {}}
                    connection_pool: {warmup_configs: [{database: b}]}
                    """);

            PoolLimits limits = new PoolLimits(
                    1,
                    2,
                    3,
                    Duration.ofSeconds(40),
                    Duration.ofMillis(5500),
                    Duration.ofMinutes(6),
                    Duration.ofHours(2));
            SslSettings ssl = new SslSettings(SslMode.VERIFY_FULL, Optional.of(Path.of("/etc/ssl/our-own.pem")));
            assertThat(config.allDatabases())
                    .hasSize(2)
                    .allSatisfy(database -> assertThat(database)
                            .isEqualTo(new DatabaseConfig(
                                    database.name(),
                                    new PoolSpec(
                                            "other",
                                            Endpoints.of("db1", 6432),
                                            database.name(),
                                            "alice",
                                            Secret.of("s3cret"),
                                            limits,
                                            Map.of("work_mem", "7MB"),
                                            ssl),
                                    true)));
        }

        @Test
        void refuseKeysThatTheyDoNotHave() {
            assertThat(Yaml.problems("{defaults: {database: a, name: b, maxsize: 3}, databases: {}}"))
                    .satisfiesExactly(
                            problem -> assertThat(problem).contains("defaults.database: unknown key; known: "),
                            problem -> assertThat(problem).contains("defaults.name: unknown key; known: "),
                            problem -> assertThat(problem).endsWith("unknown key; did you mean 'max_size'?"));
        }
    }

    @Nested
    class ADatabase {

        @Test
        void hasDefaults() {
            assertThat(Yaml.read("databases: {orders: {}}").databases())
                    .containsExactly(new DatabaseConfig(
                            "orders", PoolSpec.builder("hikari", "orders").build(), false));
        }

        @Test
        void mapsEveryKey() {
            DatabaseConfig config = Yaml.database(
                    "provider: other",
                    "host: db.example.org",
                    "port: 6432",
                    "database: ordersdb",
                    "user: alice",
                    "password: ' s3cret '",
                    "min_size: 0",
                    "max_size: 10000",
                    "max_queries: 0",
                    "max_inactive_connection_lifetime: 0",
                    "timeout: 250ms",
                    "command_timeout: 0.0",
                    "max_connection_lifetime: 0",
                    "ssl_mode: verify-ca",
                    "ssl_root_cert: ca.pem",
                    "pinned: true",
                    "server_settings:",
                    "  application_name: app",
                    "  jit: off");

            assertThat(config)
                    .isEqualTo(new DatabaseConfig(
                            "orders",
                            new PoolSpec(
                                    "other",
                                    Endpoints.of("db.example.org", 6432),
                                    "ordersdb",
                                    "alice",
                                    Secret.of(" s3cret "),
                                    new PoolLimits(
                                            0,
                                            10_000,
                                            0,
                                            Duration.ZERO,
                                            Duration.ofMillis(250),
                                            Duration.ZERO,
                                            Duration.ZERO),
                                    Map.of("application_name", "app", "jit", "off"),
                                    new SslSettings(SslMode.VERIFY_CA, Optional.of(Path.of("ca.pem")))),
                            true));
        }

        @Test
        void refusesKeysThatItDoesNotHave() {
            assertThat(Yaml.problems("databases: {a: {db: b, pass_word: c, name: d}}"))
                    .satisfiesExactly(
                            problem -> assertThat(problem).contains("databases.a.db: unknown key; known: "),
                            problem -> assertThat(problem).endsWith("unknown key; did you mean 'password'?"),
                            problem -> assertThat(problem).contains("databases.a.name: unknown key; known: "));
        }

        @Test
        void overridesDefaultsOneByOne() {
            List<DatabaseConfig> configs = Yaml.read("""
                            defaults:
                              max_size: 9
                              timeout: 5s
                              server_settings: {jit: off, work_mem: 4MB}
                            databases:
                              a: {}
                              b:
                                max_size: 7
                                server_settings: {work_mem: 8MB, search_path: app}
                            """).databases();

            PoolSpec a = configs.get(0).spec();
            PoolSpec b = configs.get(1).spec();
            assertThat(a.limits()).isEqualTo(PoolLimits.DEFAULTS.withSizes(5, 9).withTimeout(Duration.ofSeconds(5)));
            assertThat(a.serverSettings()).isEqualTo(Map.of("jit", "off", "work_mem", "4MB"));
            assertThat(b.limits()).isEqualTo(PoolLimits.DEFAULTS.withSizes(5, 7).withTimeout(Duration.ofSeconds(5)));
            assertThat(b.serverSettings()).isEqualTo(Map.of("jit", "off", "work_mem", "8MB", "search_path", "app"));
        }

        @Test
        void isWarmedByItsName() {
            MemFuseConfig config = Yaml.read("""
                    databases: {orders: {}, users: {}, idle: {}}
                    connection_pool: {warmup_configs: [users, orders, {database: own}]}
                    """);

            assertThat(config.connectionPool().warmupConfigs())
                    .extracting(DatabaseConfig::name)
                    .containsExactly("users", "orders", "own");
            assertThat(config.allDatabases())
                    .extracting(DatabaseConfig::name)
                    .containsExactly("orders", "users", "idle", "own");
        }

        @Test
        void isPinnedIfItIsWarmedUnlessItOrDefaultsSayOtherwise() {
            assertThat(Yaml.read("{databases: {a: {}, b: {}, c: {pinned: false}, d: {pinned: true}}, "
                                    + "connection_pool: {warmup_configs: [a, c]}}")
                            .databases())
                    .extracting(DatabaseConfig::pinned)
                    .containsExactly(true, false, false, true);
            assertThat(Yaml.read("{defaults: {pinned: false}, databases: {a: {}, d: {pinned: true}}, "
                                    + "connection_pool: {warmup_configs: [a]}}")
                            .databases())
                    .extracting(DatabaseConfig::pinned)
                    .containsExactly(false, true);
        }
    }

    @Nested
    class AnEntryOfWarmupConfigs {

        @Test
        void hasDefaults() {
            assertThat(Yaml.warmup("database: orders"))
                    .isEqualTo(new DatabaseConfig(
                            "orders",
                            new PoolSpec(
                                    "hikari",
                                    Endpoints.of("localhost", 5432),
                                    "orders",
                                    "postgres",
                                    Secret.none(),
                                    PoolLimits.DEFAULTS,
                                    Map.of(),
                                    SslSettings.DEFAULTS),
                            true));
        }

        @Test
        void mapsEveryKey() {
            DatabaseConfig config = Yaml.warmup(
                    "name: main",
                    "provider: other",
                    "host: db.example.org",
                    "port: 6432",
                    "database: orders",
                    "user: alice",
                    "password: ' s3cret '",
                    "min_size: 0",
                    "max_size: 10000",
                    "max_queries: 0",
                    "max_inactive_connection_lifetime: 0",
                    "timeout: 250ms",
                    "command_timeout: 0.0",
                    "max_connection_lifetime: 0",
                    "ssl_mode: verify-ca",
                    "ssl_root_cert: ca.pem",
                    "pinned: false",
                    "server_settings:",
                    "  application_name: app",
                    "  jit: off");

            assertThat(config)
                    .isEqualTo(new DatabaseConfig(
                            "main",
                            new PoolSpec(
                                    "other",
                                    Endpoints.of("db.example.org", 6432),
                                    "orders",
                                    "alice",
                                    Secret.of(" s3cret "),
                                    new PoolLimits(
                                            0,
                                            10_000,
                                            0,
                                            Duration.ZERO,
                                            Duration.ofMillis(250),
                                            Duration.ZERO,
                                            Duration.ZERO),
                                    Map.of("application_name", "app", "jit", "off"),
                                    new SslSettings(SslMode.VERIFY_CA, Optional.of(Path.of("ca.pem")))),
                            false));
        }

        @Test
        void refusesKeysThatItDoesNotHave() {
            assertThat(Yaml.problems(
                            "connection_pool: {warmup_configs: [{database: a, db: b, pass_word: c, urls: d}]}"))
                    .satisfiesExactly(
                            problem -> assertThat(problem).contains("warmup_configs[0].db: unknown key; known: "),
                            problem -> assertThat(problem).endsWith("unknown key; did you mean 'password'?"),
                            problem -> assertThat(problem).endsWith("unknown key; did you mean 'url'?"));
        }

        @Test
        void takesAnEmptyPasswordForNone() {
            assertThat(Yaml.warmup("database: a", "password: ''").spec().password())
                    .isEqualTo(Secret.none());
        }

        @Test
        void keepsAPasswordThatLooksLikeANumberAsItIsWritten() {
            assertThat(Yaml.warmup("database: a", "password: 0012.50").spec().password())
                    .isEqualTo(Secret.of("0012.50"));
        }

        @Test
        void takesHostsOfEveryKind() {
            for (String host :
                    List.of("localhost", "10.0.0.1", "'::1'", "'[2001:db8::1]'", "a-b.example.org.", "my_db")) {
                assertThat(Yaml.warmup("database: a", "host: " + host).spec().endpoints())
                        .isEqualTo(Endpoints.of(host.replace("'", ""), 5432));
            }
        }

        @Test
        void overridesDefaultsOneByOne() {
            List<DatabaseConfig> configs = Yaml.read("""
                            defaults:
                              max_size: 9
                              timeout: 5s
                              server_settings: {jit: off, work_mem: 4MB}
                            connection_pool:
                              warmup_configs:
                                - database: a
                                - database: b
                                  max_size: 7
                                  server_settings: {work_mem: 8MB, search_path: app}
                            """).connectionPool().warmupConfigs();

            PoolSpec a = configs.get(0).spec();
            PoolSpec b = configs.get(1).spec();
            assertThat(a.limits()).isEqualTo(PoolLimits.DEFAULTS.withSizes(5, 9).withTimeout(Duration.ofSeconds(5)));
            assertThat(a.serverSettings()).isEqualTo(Map.of("jit", "off", "work_mem", "4MB"));
            assertThat(b.limits()).isEqualTo(PoolLimits.DEFAULTS.withSizes(5, 7).withTimeout(Duration.ofSeconds(5)));
            assertThat(b.serverSettings()).isEqualTo(Map.of("jit", "off", "work_mem", "8MB", "search_path", "app"));
        }

        @Test
        void inheritsCertificatesOnlyWhereTheyAreLookedAt() {
            List<SslSettings> ssl = Yaml.read("""
                            defaults:
                              ssl_mode: verify-full
                              ssl_root_cert: ca.pem
                            connection_pool:
                              warmup_configs:
                                - {database: a}
                                - {database: b, ssl_mode: verify-ca}
                                - {database: c, ssl_mode: disable}
                            """).connectionPool().warmupConfigs().stream()
                    .map(config -> config.spec().ssl())
                    .toList();

            Optional<Path> file = Optional.of(Path.of("ca.pem"));
            assertThat(ssl)
                    .containsExactly(
                            new SslSettings(SslMode.VERIFY_FULL, file),
                            new SslSettings(SslMode.VERIFY_CA, file),
                            new SslSettings(SslMode.DISABLE, Optional.empty()));
        }

        @Test
        void isPinnedUnlessItOrDefaultsSayOtherwise() {
            List<DatabaseConfig> configs = Yaml.read("""
                            defaults:
                              pinned: false
                            connection_pool:
                              warmup_configs:
                                - {database: a}
                                - {database: b, pinned: true}
                            """).connectionPool().warmupConfigs();

            assertThat(configs).extracting(DatabaseConfig::pinned).containsExactly(false, true);
        }

        @Test
        void sharesOneDatabaseWithAnotherNameIfTheyAgree() {
            List<DatabaseConfig> configs = Yaml.read("""
                            connection_pool:
                              warmup_configs:
                                - {name: one, database: a, host: localhost}
                                - {name: two, database: a, host: LOCALHOST}
                            """).connectionPool().warmupConfigs();

            assertThat(configs).extracting(DatabaseConfig::name).containsExactly("one", "two");
        }
    }

    @Nested
    class AnEntryOfPrecacheConfigs {

        @Test
        void livesOnTheFirstDatabaseUnlessItSaysOtherwise() {
            assertThat(Yaml.precache("user: alice", "services: [memory]").database())
                    .isNull();
        }

        @Test
        void hasNoDefaults() {
            assertThat(Yaml.problems("connection_pool: {precache_configs: [{}]}"))
                    .containsExactly(
                            "memfuse.yaml:1:38: connection_pool.precache_configs[0]: 'user' is missing; add it",
                            "memfuse.yaml:1:38: connection_pool.precache_configs[0]: 'services' is missing; add it");
        }

        @Test
        void mapsEveryKey() {
            MemFuseConfig config = Yaml.read("""
                    databases: {orders: {}}
                    connection_pool:
                      precache_configs:
                        - user: alice
                          services: [memory, buffer]
                          database: orders
                    """);

            assertThat(config.connectionPool().precacheConfigs())
                    .containsExactly(new PrecacheConfig("alice", List.of("memory", "buffer"), "orders"));
        }

        @Test
        void refusesKeysThatItDoesNotHave() {
            assertThat(Yaml.problems("connection_pool: {precache_configs: [{user: a, services: [b], users: c}]}"))
                    .containsExactly("memfuse.yaml:1:63: connection_pool.precache_configs[0].users: unknown key; "
                            + "did you mean 'user'?");
        }
    }
}
