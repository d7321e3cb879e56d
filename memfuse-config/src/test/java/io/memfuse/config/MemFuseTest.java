package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import io.memfuse.config.found.FoundProvider;
import io.memfuse.config.found.NoteFactory;
import io.memfuse.config.found.NoteFactory.Note;
import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceException;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.startup.StartupListener;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemFuseTest {

    private static final String TWO_DATABASES = """
            connection_pool:
              warmup_configs:
                - {provider: fake, database: orders}
                - {provider: fake, database: memory, name: store}
                - {provider: fake, database: orders, name: alias}
              precache_configs:
                - user: alice
                  services: [note, note]
                - user: alice
                  services: [note]
            """;

    private final FakePoolProvider provider = new FakePoolProvider();

    @AfterEach
    void noThreadIsLeft() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(memfuseThreads()).isEmpty());
    }

    private static List<String> memfuseThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("memfuse-"))
                .toList();
    }

    private MemFuse.Builder builder(String yaml) {
        return MemFuse.builder().config(Yaml.read(yaml)).modules(bindProvider(provider));
    }

    private MemFuse start(String yaml) {
        return builder(yaml).start();
    }

    static Module bindProvider(PoolProvider<?>... providers) {
        return binder -> {
            var bound = Multibinder.newSetBinder(binder, new TypeLiteral<PoolProvider<?>>() {});
            for (PoolProvider<?> provider : providers) {
                bound.addBinding().toInstance(provider);
            }
        };
    }

    static Module bindFactory(ServiceFactory<?>... factories) {
        return binder -> {
            var bound = Multibinder.newSetBinder(binder, new TypeLiteral<ServiceFactory<?>>() {});
            for (ServiceFactory<?> factory : factories) {
                bound.addBinding().toInstance(factory);
            }
        };
    }

    @Nested
    class Started {

        @Test
        void isReadyByOneLine(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(
                    folder.resolve("memfuse.yaml"),
                    "connection_pool: {warmup_configs: [{provider: found, database: orders}],"
                            + " precache_configs: [{user: alice, services: [note]}]}");

            try (MemFuse memfuse = MemFuse.start(file)) {
                assertThat(memfuse.report().allWell()).isTrue();
                assertThat(memfuse.resource("orders", Resource.class).use()).isEqualTo(1);
            }
        }

        @Test
        void reportsEachPoolAndEachServiceOnce() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                StartupReport report = memfuse.report();

                assertThat(report.pools())
                        .extracting(entry -> entry.key().database(), PoolEntry::state, PoolEntry::connections)
                        .containsExactly(tuple("orders", PoolState.OPEN, 5), tuple("memory", PoolState.OPEN, 5));
                assertThat(report.services())
                        .extracting(entry -> entry.key().toString(), ServiceEntry::state)
                        .containsExactly(tuple("note of alice", StartupReport.ServiceState.READY));
            }
        }

        @Test
        void givesOutDatabasesByName() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                Resource orders = memfuse.resource("orders", Resource.class);

                assertThat(memfuse.resource("orders", Resource.class)).isSameAs(orders);
                assertThat(memfuse.resource("alias", Resource.class).use())
                        .as("one pool for one database")
                        .isEqualTo(orders.use());
                assertThat(memfuse.resource("store", Resource.class)).isNotSameAs(orders);
                assertThat(memfuse.registry().snapshot().pools()).hasSize(2);
            }
        }

        @Test
        void saysWhichPoolEachNameStandsFor() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                Map<String, PoolKey<?>> databases = memfuse.databases();

                assertThat(databases.keySet()).containsExactly("orders", "store", "alias");
                assertThat(databases.get("alias")).isEqualTo(databases.get("orders"));
                assertThat(databases.values())
                        .containsAll(memfuse.registry().snapshot().pools().stream()
                                .map(PoolSnapshot::key)
                                .toList());
            }
        }

        @Test
        void namesTheDatabasesThatThereAre() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThatThrownBy(() -> memfuse.dataSource("order"))
                        .isInstanceOf(PoolConfigurationException.class)
                        .hasMessage("[MemFuse/PoolMisconfigured] no database is named 'order'; did you mean 'orders'?");
                assertThatThrownBy(() -> memfuse.dataSource("customers"))
                        .hasMessageEndingWith("no database is named 'customers'; known: alias, orders, store");
            }
        }

        @Test
        void saysWhatADatabaseOffersInstead() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThatThrownBy(() -> memfuse.dataSource("orders"))
                        .isInstanceOf(PoolConfigurationException.class)
                        .hasMessageContaining(Resource.class.getName())
                        .hasMessageContaining(DataSource.class.getName());
            }
        }

        @Test
        void letsServicesLiveOnTheFirstDatabase() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThat(memfuse.services().get("bob", Note.class))
                        .isEqualTo(new Note("bob", memfuse.resource("orders", Resource.class), 3));
            }
        }

        @Test
        void tellsServicesThatThereIsNoDatabase() {
            try (MemFuse memfuse = start("connection_pool: {}")) {
                assertThatThrownBy(() -> memfuse.services().get("bob", Note.class))
                        .isInstanceOf(ServiceException.class)
                        .hasMessageContaining("no database is configured; add one to 'databases'");
            }
        }

        @Test
        void keepsGoingWithWhatFailedInTheReport() {
            provider.script("memory", (spec, context) -> {
                throw new IOException("no such host");
            });

            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThat(memfuse.report().allWell()).isFalse();
                assertThat(memfuse.report().pools())
                        .extracting(PoolEntry::state)
                        .containsExactly(PoolState.OPEN, PoolState.FAILED);
                assertThat(memfuse.resource("orders", Resource.class).use()).isPositive();
            }
        }

        @Test
        void isReadyOnceOnePoolServes() {
            provider.script("orders", (spec, context) -> {
                throw new IOException("refused");
            });
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThat(memfuse.isReady()).isTrue();
                assertThat(memfuse.health().status()).isEqualTo(HealthStatus.DEGRADED);
                assertThat(memfuse.health().reason())
                        .contains("1 of 2 pools down")
                        .contains("orders");
                assertThat(memfuse.monitor().total().opened()).isEqualTo(1);
                assertThat(memfuse.monitor().total().openFailed()).isPositive();
                memfuse.shutdown(Duration.ZERO);
                assertThat(memfuse.isReady()).isFalse();
            }
        }

        @Test
        void isNotReadyWhileNoPoolServes() {
            provider.script("orders", (spec, context) -> {
                throw new IOException("refused");
            });
            provider.script("memory", (spec, context) -> {
                throw new IOException("refused");
            });
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThat(memfuse.isReady()).isFalse();
                assertThat(memfuse.health().status()).isEqualTo(HealthStatus.DOWN);
            }
        }

        @Test
        void tellsItsListeners() {
            List<String> heard = new CopyOnWriteArrayList<>();

            builder(TWO_DATABASES)
                    .poolListener(new PoolListener() {
                        @Override
                        public void opened(PoolKey<?> key, long tookNanos) {
                            heard.add("opened " + key.database());
                        }
                    })
                    .startupListener(new StartupListener() {
                        @Override
                        public void warming(PoolKey<?> key) {
                            heard.add("warming " + key.database());
                        }
                    })
                    .start()
                    .close();

            assertThat(heard).contains("warming orders", "opened orders", "warming memory", "opened memory");
        }

        @Test
        void startsOnlyOnce() {
            try (MemFuse memfuse = start(TWO_DATABASES)) {
                assertThatThrownBy(memfuse::start).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Nested
    class PutTogether {

        @Test
        void refusesUnknownNamesAllAtOnce() {
            ConfigException failure = catchThrowableOfType(ConfigException.class, () -> start("""
                            connection_pool:
                              warmup_configs:
                                - {database: a}
                                - {database: b, provider: fakes}
                              precache_configs:
                                - user: alice
                                  services: [note, notes]
                            """));

            assertThat(failure.problems().stream().map(Problem::toString))
                    .containsExactly(
                            "memfuse.yaml:3:7: connection_pool.warmup_configs[0]: no provider is named 'hikari'; "
                                    + "known: fake, found; correct the name, or add the module that has it",
                            "memfuse.yaml:4:31: connection_pool.warmup_configs[1].provider: no provider is named "
                                    + "'fakes'; did you mean 'fake'?",
                            "memfuse.yaml:7:24: connection_pool.precache_configs[0].services[1]: no service is named "
                                    + "'notes'; did you mean 'note'?");
            assertThat(provider.attempts()).isZero();
        }

        @Test
        void refusesUnknownNamesTogetherWithWhatElseIsWrong(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("memfuse.yaml"), """
                            connection_pool:
                              warmup_configs:
                                - database: a
                                  provider: fakes
                                  prot: 5432
                                - {database: b, provider: fake}
                              precache_configs:
                                - {user: "", services: [note, notes]}
                            """);

            for (Consumer<MemFuse.Builder> use : List.<Consumer<MemFuse.Builder>>of(
                    MemFuse.Builder::check, builder -> builder.start().close())) {
                ConfigException failure = catchThrowableOfType(
                        ConfigException.class,
                        () -> use.accept(MemFuse.builder().config(file).modules(bindProvider(provider))));

                assertThat(failure.problems().stream()
                                .map(problem -> problem.toString().replace(file.toString(), "memfuse.yaml")))
                        .containsExactly(
                                "memfuse.yaml:4:17: connection_pool.warmup_configs[0].provider: no provider is named "
                                        + "'fakes'; did you mean 'fake'?",
                                "memfuse.yaml:5:7: connection_pool.warmup_configs[0].prot: unknown key; "
                                        + "did you mean 'port'?",
                                "memfuse.yaml:8:14: connection_pool.precache_configs[0].user: is empty; "
                                        + "accepted: 1 to 128 characters",
                                "memfuse.yaml:8:35: connection_pool.precache_configs[0].services[1]: no service is named "
                                        + "'notes'; did you mean 'note'?");
            }
        }

        @Test
        void prefersTheProblemsOfTheFileToThoseOfAModule(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("memfuse.yaml"), "connection_pool: {max_open_pools: none}");
            Module broken = binder -> binder.addError("broken");

            assertThatThrownBy(() -> MemFuse.start(file, broken))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("'none' is not a whole number");
        }

        @Test
        void showsNoNameThatComesFromTheEnvironment() {
            MemFuseConfig config = Yaml.read(
                    "connection_pool: {precache_configs: [{user: a, services: ['${S}']}]}",
                    Map.of("S", "not-to-be-shown"));

            assertThatThrownBy(() -> MemFuse.builder().config(config).check())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("no service has the name that '${...}' gives")
                    .hasMessageNotContaining("not-to-be-shown");
        }

        @Test
        void checksWithoutStarting() {
            assertThat(builder(TWO_DATABASES).check()).isEqualTo(Yaml.read(TWO_DATABASES));
            assertThat(provider.attempts()).isZero();
        }

        @Test
        void checksConfigurationsThatAProgramMade() {
            var spec = PoolSpec.builder("none", "a").build();
            var config = new MemFuseConfig(new ConnectionPoolConfig(List.of(new DatabaseConfig("a", spec)), List.of()));

            assertThatThrownBy(() -> MemFuse.builder().config(config).start())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(
                            "configuration: connection_pool.warmup_configs[0]: no provider is named 'none'");
        }

        @Test
        void closesPoolsThatNobodyUsesUnlessTheyArePinned() {
            var pinned = new DatabaseConfig("pinned", FakePoolProvider.spec("pinned"));
            var unpinned = new DatabaseConfig("unpinned", FakePoolProvider.spec("unpinned"), false);
            var config = new MemFuseConfig(new ConnectionPoolConfig(
                    new OpenPoolLimits(Duration.ofMillis(20), 0), List.of(pinned, unpinned), List.of()));

            try (MemFuse memfuse = MemFuse.builder()
                    .config(config)
                    .modules(bindProvider(provider))
                    .start()) {
                await().until(() -> memfuse.registry().snapshot().pools().stream()
                        .map(PoolSnapshot::state)
                        .toList()
                        .equals(List.of(PoolState.OPEN, PoolState.REGISTERED)));
                assertThat(memfuse.resource("unpinned", Resource.class).use()).isEqualTo(3);
            }
        }

        @Test
        void closesTheLeastRecentlyUsedPoolBeyondTheCap() {
            var config = new MemFuseConfig(new ConnectionPoolConfig(
                    new OpenPoolLimits(Duration.ZERO, 1),
                    List.of(
                            new DatabaseConfig("a", FakePoolProvider.spec("a")),
                            new DatabaseConfig("b", FakePoolProvider.spec("b"), false)),
                    List.of()));

            try (MemFuse memfuse = MemFuse.builder()
                    .config(config)
                    .modules(bindProvider(provider))
                    .start()) {
                memfuse.resource("b", Resource.class).use();
                memfuse.registry()
                        .lease(memfuse.registry().register(FakePoolProvider.spec("c"), Resource.class))
                        .close();
                await().until(() -> provider.pools().stream()
                        .anyMatch(pool ->
                                pool.closes() == 1 && pool.spec().database().equals("b")));
                assertThat(memfuse.registry().snapshot().pools().get(0).state()).isEqualTo(PoolState.OPEN);
            }
        }

        @Test
        void prefersWhatIsBoundToWhatIsFound() {
            var bound = new Renamed(provider, FoundProvider.NAME);

            try (MemFuse memfuse = MemFuse.builder()
                    .config(Yaml.read("connection_pool: {warmup_configs: [{database: a, provider: found}]}"))
                    .modules(bindProvider(bound))
                    .start()) {
                assertThat(memfuse.report().allWell()).isTrue();
            }

            assertThat(provider.attempts()).isEqualTo(1);
        }

        @Test
        void refusesTwoBoundOfOneName() {
            assertThatThrownBy(() -> builder("connection_pool: {}")
                            .modules(bindProvider(new Renamed(provider, FakePoolProvider.NAME)))
                            .start())
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining(FakePoolProvider.class.getName())
                    .hasMessageContaining(Renamed.class.getName());
        }

        @Test
        void refusesTwoBoundFactoriesOfOneName() {
            assertThatThrownBy(() -> builder("connection_pool: {}")
                            .modules(bindFactory(new NoteFactory(), new OtherNoteFactory()))
                            .start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(NoteFactory.class.getName())
                    .hasMessageContaining(OtherNoteFactory.class.getName());
        }

        @Test
        void showsTheProblemsOfTheFileAsTheyAre(@TempDir Path folder) {
            assertThatThrownBy(() -> MemFuse.start(folder.resolve("none.yaml")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("there is no such file");
        }

        @Test
        void showsTheFailureOfAModuleAsItIs() {
            var failure = new IllegalStateException("broken module");

            assertThatThrownBy(() -> builder("connection_pool: {}")
                            .modules(binder -> {
                                throw failure;
                            })
                            .start())
                    .isSameAs(failure);
        }

        @Test
        void refusesBindingsThatAreNotWritten() {
            assertThatThrownBy(() -> builder("connection_pool: {}")
                            .modules(new AbstractModule() {
                                @Override
                                protected void configure() {
                                    Multibinder.newSetBinder(binder(), new TypeLiteral<ServiceFactory<?>>() {})
                                            .addBinding()
                                            .to(NoteFactory.class);
                                }
                            })
                            .start())
                    .isInstanceOf(CreationException.class)
                    .hasMessageContaining("require @Inject constructors");
        }

        @Test
        void needsAConfiguration() {
            assertThatThrownBy(() -> MemFuse.builder().start()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class InterruptedWhileItStarts {

        @Test
        void undoesWhatItStarted() throws InterruptedException {
            var opening = new CountDownLatch(1);
            provider.script("memory", (spec, context) -> {
                opening.countDown();
                new CountDownLatch(1).await();
            });
            var outcome = new CompletableFuture<@Nullable Throwable>();
            var starter = new Thread(() -> {
                Throwable thrown = catchThrowable(() -> start(TWO_DATABASES));
                outcome.complete(Thread.currentThread().isInterrupted() ? thrown : null);
            });
            starter.start();
            assertThat(opening.await(10, TimeUnit.SECONDS)).isTrue();
            await().until(() -> provider.pools().size() == 1);

            starter.interrupt();

            assertThat(outcome).succeedsWithin(Duration.ofSeconds(20)).isInstanceOf(CancellationException.class);
            assertThat(provider.pools()).allMatch(pool -> pool.closes() == 1);
        }
    }

    @Nested
    class Closed {

        @Test
        void hasClosedServicesBeforePools() {
            List<String> closed = new CopyOnWriteArrayList<>();
            MemFuse memfuse = builder(TWO_DATABASES)
                    .modules(bindFactory(new ServiceFactory<AutoCloseable>() {
                        @Override
                        public String name() {
                            return "closing";
                        }

                        @Override
                        public Class<AutoCloseable> type() {
                            return AutoCloseable.class;
                        }

                        @Override
                        public AutoCloseable create(ServiceContext context) {
                            Resource database = context.resource(Resource.class);
                            return () -> closed.add("service, pool " + database.use() + " still there");
                        }
                    }))
                    .poolListener(new PoolListener() {
                        @Override
                        public void closed(PoolKey<?> key, DrainReport report) {
                            closed.add("pool");
                        }
                    })
                    .start();
            memfuse.services().get("alice", AutoCloseable.class);

            memfuse.close();

            assertThat(closed).hasSize(3).first().asString().startsWith("service, pool ");
        }

        @Test
        void reportsEachPoolThatWasOpen() {
            MemFuse memfuse = start(TWO_DATABASES);

            List<DrainReport> reports = memfuse.shutdown(Duration.ofSeconds(5));

            assertThat(reports)
                    .extracting(report -> report.key().database())
                    .containsExactlyInAnyOrder("orders", "memory");
            assertThat(memfuse.shutdown(Duration.ZERO)).isEqualTo(reports);
        }

        @Test
        void refusesEveryUse() {
            MemFuse memfuse = start(TWO_DATABASES);
            memfuse.close();

            Resource orders = memfuse.resource("orders", Resource.class);
            assertThatThrownBy(orders::use).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> memfuse.services().get("bob", Note.class)).isInstanceOf(ServiceException.class);
            assertThatThrownBy(memfuse::start).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void closesOnceForManyCallers() {
            MemFuse memfuse = start(TWO_DATABASES);

            List<CompletableFuture<List<DrainReport>>> calls = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> memfuse.shutdown(Duration.ofSeconds(5))))
                    .toList();

            List<DrainReport> first = calls.get(0).join();
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(first));
            assertThat(provider.pools()).allMatch(pool -> pool.closes() == 1);
        }

        @Test
        void closesToTheEndAlsoForAnInterruptedCaller() {
            MemFuse memfuse = start(TWO_DATABASES);

            Thread.currentThread().interrupt();
            assertThat(memfuse.shutdown(Duration.ofSeconds(5))).isEmpty();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(memfuse.shutdown(Duration.ZERO)).hasSize(2);
            assertThat(provider.pools()).allMatch(pool -> pool.closes() == 1);
        }
    }

    /** A provider under another name. */
    private record Renamed(FakePoolProvider fake, String name) implements PoolProvider<Resource> {

        @Override
        public Class<Resource> resourceType() {
            return fake.resourceType();
        }

        @Override
        public PoolHandle<Resource> open(PoolSpec spec, PoolContext context) throws Exception {
            return fake.open(spec, context);
        }

        @Override
        public Resource durable(PoolRoute<Resource> route) {
            return fake.durable(route);
        }
    }

    /** Another factory of the name {@code note}. */
    private static final class OtherNoteFactory implements ServiceFactory<String> {

        @Override
        public String name() {
            return NoteFactory.NAME;
        }

        @Override
        public Class<String> type() {
            return String.class;
        }

        @Override
        public String create(ServiceContext context) {
            return context.user();
        }
    }
}
