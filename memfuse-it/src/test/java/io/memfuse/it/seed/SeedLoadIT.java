package io.memfuse.it.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.MemFuse;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceCacheStats;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.FaultProxy;
import io.memfuse.it.fault.Network;
import io.memfuse.services.buffer.BufferService;
import io.memfuse.services.memory.MemoryService;
import io.memfuse.services.storage.StorageService;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The four kinds of tests that the first MemFuse names: stress, pre-caching, the lock, and all of it from end to end. */
@Timeout(120)
class SeedLoadIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final int MAX_SIZE = 10;

    private static MemFuse start(String provider) {
        return Stores.start(DATABASE, """
                databases:
                  orders: {url: "%%url%%", provider: %s, min_size: 2, max_size: %d}
                connection_pool: {warmup_configs: [orders]}
                """.formatted(provider, MAX_SIZE));
    }

    private interface Request {
        void send() throws Exception;
    }

    /** Sends all requests at once, each on a thread of its own, and returns what failed. */
    private static List<Throwable> allAtOnce(int count, Request request) throws Exception {
        ExecutorService executor = threads();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        var begin = new CountDownLatch(1);
        try {
            List<Future<?>> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                requests.add(executor.submit(() -> {
                    try {
                        begin.await();
                        request.send();
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                }));
            }
            begin.countDown();
            for (Future<?> one : requests) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        return List.copyOf(failures);
    }

    /** Virtual ones, if this JDK has them. */
    private static ExecutorService threads() throws ReflectiveOperationException {
        return Runtime.version().feature() < 21
                ? Executors.newCachedThreadPool()
                : (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
    }

    private static void assertNobodyIsLeft(MemFuse memfuse) {
        await().untilAsserted(() -> assertThat(
                        memfuse.registry().snapshot().pools().get(0).stats())
                .satisfies(stats -> {
                    assertThat(stats.active()).isZero();
                    assertThat(stats.waiting()).isZero();
                    assertThat(stats.total()).isBetween(2, MAX_SIZE);
                }));
        assertThat(DATABASE.backends().count()).isLessThanOrEqualTo(MAX_SIZE);
    }

    // Stress.

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void soManyRequestsAtOnceAreAllServedThroughJdbcWithNoConnectionTooMany(int requests) throws Exception {
        // Ten thousand threads of the system are another test; then ten requests come from each of a thousand.
        int each = requests > 1_000 && Runtime.version().feature() < 21 ? 10 : 1;
        try (MemFuse memfuse = start("hikari")) {
            DataSource source = memfuse.dataSource("orders");
            assertThat(allAtOnce(requests / each, () -> {
                        for (int i = 0; i < each; i++) {
                            assertThat(Stores.ask(source, "SELECT 'served'")).isEqualTo("served");
                        }
                    }))
                    .isEmpty();
            assertNobodyIsLeft(memfuse);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void soManyRequestsAtOnceAreAllServedThroughR2dbcWithNoConnectionTooMany(int requests) {
        try (MemFuse memfuse = start("r2dbc")) {
            ConnectionFactory factory = memfuse.connectionFactory("orders");
            Mono<String> request = Mono.usingWhen(
                    factory.create(), connection -> Stores.answer(connection, "SELECT 'served'"), Connection::close);
            List<String> answers = Flux.range(0, requests)
                    .flatMap(i -> request, requests)
                    .collectList()
                    .block(Duration.ofSeconds(60));
            assertThat(answers).hasSize(requests).containsOnly("served");
            assertNobodyIsLeft(memfuse);
        }
    }

    @Test
    void tenThousandRequestsAtOnceForOneServiceMakeItOnce() throws Exception {
        try (MemFuse memfuse = start("hikari")) {
            assertThat(allAtOnce(1_000, () -> {
                        for (int i = 0; i < 10; i++) {
                            memfuse.services().get("alice", StorageService.class);
                        }
                    }))
                    .isEmpty();
            ServiceCacheStats stats = memfuse.services().stats();
            assertThat(stats.loads()).isEqualTo(1);
            assertThat(stats.hits() + stats.misses()).isEqualTo(10_000);
        }
    }

    // Pre-caching.

    @Test
    void precachedServicesAreThereBeforeTheFirstRequestAndServeAtOnce() throws Exception {
        try (MemFuse memfuse = Stores.start(DATABASE, """
                connection_pool:
                  warmup_configs:
                    - {url: "%url%", name: orders, min_size: 2}
                  precache_configs:
                    - {user: default_user, services: [memory, buffer, storage]}
                    - {user: other_user, services: [storage]}
                """)) {
            assertThat(memfuse.report().services()).hasSize(4).allMatch(entry -> entry.failure() == null);
            assertThat(memfuse.report().services())
                    .extracting(ServiceEntry::key)
                    .extracting(key -> key.user() + "/" + key.service())
                    .containsExactlyInAnyOrder(
                            "default_user/memory", "default_user/buffer", "default_user/storage", "other_user/storage");
            ServiceCacheStats before = memfuse.services().stats();
            long beganNanos = System.nanoTime();
            memfuse.services().get("default_user", MemoryService.class);
            memfuse.services().get("default_user", BufferService.class);
            memfuse.services().get("default_user", StorageService.class);
            memfuse.services().get("other_user", StorageService.class);
            Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
            ServiceCacheStats after = memfuse.services().stats();
            assertThat(after.loads()).as("made").isEqualTo(before.loads());
            assertThat(after.hits() - before.hits()).as("found").isEqualTo(4);
            assertThat(took).as("four services").isLessThan(Duration.ofMillis(40));
        }
    }

    @Test
    void aServiceThatCannotBePrecachedIsReportedAndStopsNoOther() {
        try (MemFuse memfuse = Stores.start(DATABASE, """
                databases:
                  orders: {url: "%url%", min_size: 1}
                  dead: {host: localhost, port: 1, timeout: 1s}
                connection_pool:
                  precache_configs:
                    - {user: alice, services: [storage], database: dead}
                    - {user: bob, services: [storage]}
                """)) {
            assertThat(memfuse.report().services())
                    .filteredOn(entry -> entry.key().user().equals("alice"))
                    .allMatch(entry -> entry.failure() != null);
            assertThat(memfuse.report().services())
                    .filteredOn(entry -> entry.key().user().equals("bob"))
                    .allMatch(entry -> entry.failure() == null);
            memfuse.services().get("bob", StorageService.class).put("key", "1");
        }
    }

    // The lock.

    @Test
    void nobodyWaitsForTheLockOfPoolsThatAreOpenWhileAnotherIsBeingOpenedForLong() throws Exception {
        try (var proxy =
                new FaultProxy(DATABASE.server().host(), DATABASE.server().port())) {
            proxy.be(Network.mute());
            String yaml = """
                    databases:
                      orders: {url: "%%url%%", min_size: 2, max_size: 4}
                      silent: {host: %s, port: %d, database: x, timeout: 20s}
                    connection_pool: {warmup_configs: [orders]}
                    """.formatted(proxy.host(), proxy.port());
            try (MemFuse memfuse = Stores.start(DATABASE, yaml)) {
                PoolKey<?> orders = key(memfuse, DATABASE.name());
                PoolKey<?> silent = key(memfuse, "x");
                memfuse.registry().warmUp(silent);
                await().until(() -> proxy.accepted() > 0);
                LockMetrics before = memfuse.registry().lockMetrics();

                assertThat(allAtOnce(100, () -> {
                            for (int i = 0; i < 100; i++) {
                                memfuse.registry().lease(orders).close();
                            }
                        }))
                        .isEmpty();
                Stores.ask(memfuse.dataSource("orders"), "SELECT 1");

                LockMetrics after = memfuse.registry().lockMetrics();
                assertThat(after.contended()).as("waited").isEqualTo(before.contended());
                assertThat(after.reads() - before.reads())
                        .as("of 10,000 look-ups; the health of the pools is looked at each second")
                        .isLessThan(100);
                assertThat(memfuse.registry().snapshot(silent).state()).isEqualTo(PoolState.OPENING);
                proxy.reset();
                memfuse.shutdown(Duration.ZERO);
            }
        }
    }

    private static PoolKey<?> key(MemFuse memfuse, String database) {
        return Stores.keys(memfuse).stream()
                .filter(key -> key.database().equals(database))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void readersOfAllPoolsNeverWaitForOneAnother() throws Exception {
        try (MemFuse memfuse = start("hikari")) {
            LockMetrics before = memfuse.registry().lockMetrics();
            assertThat(allAtOnce(8, () -> {
                        for (int i = 0; i < 200; i++) {
                            assertThat(memfuse.registry().snapshot().pools()).hasSize(1);
                        }
                    }))
                    .isEmpty();
            LockMetrics after = memfuse.registry().lockMetrics();
            assertThat(after.reads() - before.reads()).isEqualTo(8 * 200);
            assertThat(after.contended() - before.contended()).isZero();
        }
    }

    // End to end.

    @Test
    void aRequestGoesFromTheFileToTheServerAndBackAndNothingIsLeft() throws Exception {
        String yaml = """
                connection_pool:
                  warmup_configs:
                    - host: %s
                      port: %d
                      database: %s
                      user: %s
                      password: "%s"
                  precache_configs:
                    - user: default_user
                      services: [memory, buffer, storage]
                """.formatted(
                        DATABASE.server().host(),
                        DATABASE.server().port(),
                        DATABASE.name(),
                        DATABASE.server().user(),
                        DATABASE.server().password());
        try (MemFuse memfuse = Stores.start(DATABASE, yaml, Map.of())) {
            assertThat(memfuse.report().allWell()).isTrue();
            assertThat(memfuse.isReady()).isTrue();
            assertThat(DATABASE.backends().count()).as("the seed's min_size").isBetween(5, 20);

            MemoryService memory = memfuse.services().get("default_user", MemoryService.class);
            memory.append("user", "remember the milk");
            assertThat(memory.search("milk", 10)).hasSize(1);
            memfuse.services().get("default_user", StorageService.class).put("a", "{\"b\": 1}");
            assertThat(Stores.ask(memfuse.dataSource(DATABASE.name()), "SELECT current_database()"))
                    .isEqualTo(DATABASE.name());
            assertThat(memfuse.shutdown(Duration.ofSeconds(10)))
                    .singleElement()
                    .satisfies(report -> assertThat(report.drained()).isTrue());
        }
        assertThat(DATABASE.backends().count()).isZero();
        try (MemFuse memfuse = Stores.start(DATABASE, yaml, Map.of())) {
            assertThat(memfuse.services()
                            .get("default_user", StorageService.class)
                            .get("a"))
                    .hasValueSatisfying(record -> assertThat(record.json()).isEqualTo("{\"b\": 1}"));
        }
    }
}
