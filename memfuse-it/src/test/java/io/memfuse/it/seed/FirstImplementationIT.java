package io.memfuse.it.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolLease;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.LogCapture;
import io.memfuse.services.memory.MemoryService;
import io.memfuse.services.memory.Message;
import io.memfuse.services.storage.StorageService;
import io.memfuse.services.storage.StoredRecord;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** How the first MemFuse treated its pools and stores; a store is here whoever keeps a lease, or a service of a user. */
@Timeout(60)
class FirstImplementationIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String BOTH = """
            defaults: {min_size: 2, max_size: 4}
            databases:
              hikari: {url: "%url%", provider: hikari}
              r2dbc: {url: "%url%", provider: r2dbc}
            """;

    private static PoolKey<?> key(MemFuse memfuse, String provider) {
        return Stores.keys(memfuse).stream()
                .filter(key -> key.provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    /** Returns which process on the server serves a connection of this database. */
    private static String pid(MemFuse memfuse, String name) throws SQLException {
        return name.equals("r2dbc")
                ? Stores.ask(memfuse.connectionFactory(name), "SELECT pg_backend_pid()")
                : Stores.ask(memfuse.dataSource(name), "SELECT pg_backend_pid()");
    }

    // One pool per database URL.

    @Test
    void oneDatabaseIsOnePoolHoweverItsUrlIsSpelled() throws SQLException {
        String host = DATABASE.server().host();
        var yaml = new StringBuilder("defaults: {min_size: 1, max_size: 1}\ndatabases:\n");
        List<String> urls = List.of(
                Stores.url(DATABASE, "postgresql"),
                Stores.url(DATABASE, "postgres"),
                Stores.url(DATABASE, "jdbc:postgresql"),
                Stores.url(DATABASE, "r2dbc:postgresql"),
                Stores.url(DATABASE, "postgresql", host.toUpperCase(Locale.ROOT)),
                Stores.url(DATABASE, "postgresql").replace(DATABASE.name() + "?", "?dbname=" + DATABASE.name() + "&"),
                Stores.url(DATABASE, "postgresql").replace("it_", "%69t%5F"));
        for (int i = 0; i < urls.size(); i++) {
            yaml.append("  name")
                    .append(i)
                    .append(": {url: \"")
                    .append(urls.get(i))
                    .append("\"}\n");
        }
        try (MemFuse memfuse = Stores.start(DATABASE, yaml.toString())) {
            Set<String> pids = new HashSet<>();
            for (int i = 0; i < urls.size(); i++) {
                pids.add(Stores.ask(memfuse.dataSource("name" + i), "SELECT pg_backend_pid()"));
            }
            assertThat(pids).hasSize(1);
            assertThat(Stores.keys(memfuse)).hasSize(1);
            assertThat(DATABASE.backends().count()).isEqualTo(1);
        }
    }

    // Several stores share it and are counted.

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void severalStoresShareAPoolAndAreCounted(String provider) {
        try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
            PoolKey<?> key = key(memfuse, provider);
            PoolRegistry registry = memfuse.registry();
            var stores = new ArrayList<PoolLease<?>>();
            for (int i = 1; i <= 3; i++) {
                stores.add(registry.lease(key));
                assertThat(registry.snapshot(key).leases()).isEqualTo(i);
            }
            assertThat(stores.stream().<Object>map(PoolLease::resource).distinct())
                    .hasSize(1);
            for (PoolLease<?> store : stores) {
                store.close();
                store.close();
            }
            assertThat(registry.snapshot(key).leases()).isZero();
        }
    }

    // A close without force leaves a pool that is in use alone, with force drains it.

    @Test
    void aCloseWithoutForceLeavesAPoolOfJdbcInUseAloneAndWithForceDrainsIt() throws Exception {
        try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
            DataSource source = memfuse.dataSource("hikari");
            java.sql.Connection lent = source.getConnection();
            String pid = Stores.ask(lent, "SELECT pg_backend_pid()");
            closesOnlyByForce(memfuse, "hikari", pid, () -> Stores.ask(lent, "SELECT pg_backend_pid()"), lent::close);
        }
    }

    @Test
    void aCloseWithoutForceLeavesAPoolOfR2dbcInUseAloneAndWithForceDrainsIt() throws Exception {
        try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
            ConnectionFactory factory = memfuse.connectionFactory("r2dbc");
            Connection lent = Stores.await(Mono.<Connection>from(factory.create()));
            String pid = Stores.await(Stores.answer(lent, "SELECT pg_backend_pid()"));
            closesOnlyByForce(
                    memfuse,
                    "r2dbc",
                    pid,
                    () -> Stores.await(Stores.answer(lent, "SELECT pg_backend_pid()")),
                    () -> Mono.from(lent.close()).block());
        }
    }

    private interface Deed {
        void be() throws Exception;
    }

    private static void closesOnlyByForce(
            MemFuse memfuse, String provider, String pid, Callable<String> work, Deed giveBack) throws Exception {
        PoolRegistry registry = memfuse.registry();
        PoolKey<?> key = key(memfuse, provider);

        assertThat(Stores.await(registry.evictIfUnused(key))).isEmpty();
        assertThat(work.call()).isEqualTo(pid);

        CompletableFuture<Optional<DrainReport>> forced = registry.evict(key).toCompletableFuture();
        assertThat(pid(memfuse, provider)).as("a new pool serves").isNotEqualTo(pid);
        assertThat(work.call()).as("who is at work goes on").isEqualTo(pid);
        assertThat(forced).isNotDone();
        giveBack.be();
        assertThat(Stores.await(forced))
                .hasValueSatisfying(report -> assertThat(report.drained()).isTrue());
        assertThat(DATABASE.backends().pids()).doesNotContain(Integer.valueOf(pid));

        assertThat(Stores.await(registry.evictIfUnused(key)))
                .as("nobody uses it")
                .isPresent();
        await().untilAsserted(() -> assertThat(DATABASE.backends().count()).isZero());
    }

    // Reset of all pools.

    @Test
    void aResetClosesAllPoolsAndTheNextCallersOpenNewOnes() throws Exception {
        try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
            pid(memfuse, "hikari");
            pid(memfuse, "r2dbc");
            Set<Integer> before = DATABASE.backends().pids();

            assertThat(Stores.await(memfuse.registry().evictAll())).hasSize(2).allMatch(DrainReport::drained);

            await().untilAsserted(() -> assertThat(DATABASE.backends().count()).isZero());
            assertThat(before).doesNotContain(Integer.valueOf(pid(memfuse, "hikari")));
            assertThat(before).doesNotContain(Integer.valueOf(pid(memfuse, "r2dbc")));
        }
    }

    // Masking of URLs.

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void noLineOfTheLogShowsThePasswordOfAUrl(String provider) throws Exception {
        String secret = "s3cret-in-a-url";
        DATABASE.execute("CREATE ROLE masked LOGIN PASSWORD '" + secret + "'");
        String right = Stores.url(DATABASE, "postgresql").replaceFirst("//[^@]*@", "//masked:" + secret + "@");
        String wrong = right.replace(secret, secret + "-no-more");
        String nowhere = right.replaceFirst("@[^/]*/", "@localhost:1/");
        try (var log = new LogCapture(secret)) {
            String yaml = "defaults: {provider: %s, min_size: 1, max_size: 2, timeout: 1s}\n".formatted(provider)
                    + "databases:\n  right: {url: '%s'}\n  wrong: {url: '%s'}\n  nowhere: {url: '%s'}\n"
                            .formatted(right, wrong.replace("masked:", "postgres:"), nowhere)
                    + "connection_pool: {warmup_configs: [right, wrong, nowhere]}\n";
            try (MemFuse memfuse = Stores.start(DATABASE, yaml)) {
                assertThat(memfuse.report().pools())
                        .hasSize(3)
                        .satisfies(entries -> assertThat(entries)
                                .filteredOn(entry -> entry.failure() == null)
                                .hasSize(1));
                Stores.await(memfuse.registry().evictAll().exceptionally(failure -> List.of()));
                assertThat(memfuse.report().toString()
                                + memfuse.registry().snapshot()
                                + memfuse.health()
                                + Stores.keys(memfuse))
                        .doesNotContain(secret);
            }
            assertThat(log.lines()).isPositive();
            assertThat(log.leaks()).isEmpty();
        } finally {
            DATABASE.execute("DROP ROLE masked");
        }
    }

    // Settings precedence.

    @ParameterizedTest
    @ValueSource(strings = {"hikari", "r2dbc"})
    void aSettingIsThatOfTheEnvironmentElseOfTheDatabaseElseOfTheDefaultsElseBuiltIn(String provider) throws Exception {
        String yaml = """
                defaults:
                  provider: %s
                  min_size: 0
                  max_size: 3
                  server_settings: {application_name: of-defaults, work_mem: 1MB, lock_timeout: 7s}
                databases:
                  orders:
                    url: "%%url%%"
                    max_size: 2
                    server_settings: {application_name: of-database, work_mem: 2MB}
                """.formatted(provider);
        Map<String, String> environment = Map.of(
                "MEMFUSE__DATABASES__ORDERS__SERVER_SETTINGS__APPLICATION_NAME", "of-environment",
                "MEMFUSE__DATABASES__ORDERS__MIN_SIZE", "1");
        try (MemFuse memfuse = Stores.start(DATABASE, yaml, environment)) {
            assertThat(settingsOf(memfuse, provider)).isEqualTo("of-environment,2MB,7s");
            var limits = memfuse.registry().spec(key(memfuse, provider)).limits();
            assertThat(limits.minSize()).as("of the environment").isEqualTo(1);
            assertThat(limits.maxSize()).as("of the database").isEqualTo(2);
            assertThat(limits.maxQueries()).as("built in").isEqualTo(50_000);
        }
        try (MemFuse memfuse = Stores.start(DATABASE, yaml)) {
            assertThat(settingsOf(memfuse, provider)).isEqualTo("of-database,2MB,7s");
        }
    }

    private static String settingsOf(MemFuse memfuse, String provider) throws SQLException {
        String sql = "SELECT current_setting('application_name') || ',' || current_setting('work_mem') || ','"
                + " || current_setting('lock_timeout')";
        return provider.equals("r2dbc")
                ? Stores.ask(memfuse.connectionFactory("orders"), sql)
                : Stores.ask(memfuse.dataSource("orders"), sql);
    }

    // Connections back to the start after creating and destroying stores rapidly.

    @Test
    void rapidlyMadeAndClosedStoresLeaveAsManyConnectionsAsThereWere() throws Exception {
        try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
            memfuse.services().get("first", StorageService.class).put("key", "1");
            pid(memfuse, "r2dbc");
            settle();
            inParallel(8, thread -> {
                for (int i = 0; i < 25; i++) {
                    String user = "user-" + thread + "-" + i;
                    StorageService store = memfuse.services().get(user, StorageService.class);
                    store.put("key", "1");
                    try (PoolLease<?> lease = memfuse.registry().lease(key(memfuse, "r2dbc"))) {
                        assertThat(Stores.ask((ConnectionFactory) lease.resource(), "SELECT 1"))
                                .isEqualTo("1");
                    }
                    Stores.await(memfuse.services().evict(user));
                }
            });

            settle();
            assertThat(memfuse.services().stats().users()).isEqualTo(1);
            assertThat(memfuse.registry().snapshot().pools()).allSatisfy(pool -> {
                assertThat(pool.leases()).isZero();
                assertThat(pool.stats().active()).isZero();
            });
        }
        assertThat(DATABASE.backends().count()).isZero();
    }

    /** Those beyond the minimum may go on or not: never are there more than the two pools may have. */
    private static void settle() {
        await().untilAsserted(() -> assertThat(DATABASE.backends().count()).isBetween(4, 8));
    }

    @Test
    void rapidlyStartedAndClosedPlatformsLeaveNoConnection() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
                pid(memfuse, "hikari");
                pid(memfuse, "r2dbc");
            }
            assertThat(DATABASE.backends().count()).isZero();
        }
    }

    // One user's data is invisible to another under concurrency.

    @Test
    void whatOneUserStoresNoOtherSeesHoweverManyAreAtIt() throws Exception {
        try (MemFuse memfuse = Stores.start(DATABASE, BOTH)) {
            int users = 16;
            inParallel(users, number -> {
                String user = "user-" + number;
                StorageService storage = memfuse.services().get(user, StorageService.class);
                MemoryService memory = memfuse.services().get(user, MemoryService.class);
                for (int i = 0; i < 20; i++) {
                    storage.put("same-key-" + i, "\"" + user + "\"");
                    memory.append("user", "needle of " + user);
                    storage.get("same-key-" + i)
                            .ifPresent(record -> assertThat(record.json()).isEqualTo("\"" + user + "\""));
                }
                assertThat(storage.list("", 100))
                        .hasSize(20)
                        .extracting(StoredRecord::json)
                        .containsOnly("\"" + user + "\"");
                assertThat(memory.recent(100))
                        .hasSize(20)
                        .extracting(Message::text)
                        .containsOnly("needle of " + user);
                assertThat(memory.search("needle", 100))
                        .hasSize(20)
                        .allMatch(hit -> hit.message().text().equals("needle of " + user));
            });
            assertThat(memfuse.services().get("nobody", StorageService.class).list("", 100))
                    .isEmpty();
            assertThatThrownBy(() -> memfuse.services().get("", StorageService.class))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private interface Part {
        void play(int number) throws Exception;
    }

    /** Fails as the first that fails. */
    private static void inParallel(int threads, Part part) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                parts.add(executor.submit(() -> {
                    part.play(number);
                    return null;
                }));
            }
            for (Future<?> one : parts) {
                one.get(50, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
