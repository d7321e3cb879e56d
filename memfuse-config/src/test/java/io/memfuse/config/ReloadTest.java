package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.ReloadReport.Action;
import io.memfuse.config.ReloadReport.DatabaseEntry;
import io.memfuse.config.found.NoteFactory.Note;
import io.memfuse.config.found.Vault;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolLease;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReloadTest {

    private static final String TWO = """
            databases:
              orders: {provider: fake, database: orders, password: first}
              stock: {provider: fake, database: stock}
            connection_pool:
              warmup_configs: [orders, stock]
            """;

    private final FakePoolProvider provider = new FakePoolProvider();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final MemFuse memfuse = start(TWO);
    private final Resource orders = memfuse.resource("orders", Resource.class);
    private final Resource stock = memfuse.resource("stock", Resource.class);

    private MemFuse start(String yaml) {
        return MemFuse.builder()
                .config(Yaml.read(yaml))
                .modules(MemFuseTest.bindProvider(provider))
                .start();
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        memfuse.close();
    }

    private ReloadReport reload(String yaml) {
        return memfuse.reload(Yaml.read(yaml));
    }

    private static DatabaseEntry entry(ReloadReport report, String name) {
        return report.databases().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> openDatabases() {
        return memfuse.registry().snapshot().pools().stream()
                .filter(pool -> pool.state() == PoolState.OPEN)
                .map(pool -> pool.key().database())
                .sorted()
                .toList();
    }

    private void failOpenings(String database) {
        provider.script(database, (spec, context) -> {
            throw new IOException("no route to host");
        });
    }

    private CountDownLatch holdUp(String database) {
        var go = new CountDownLatch(1);
        provider.script(database, (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        return go;
    }

    @Nested
    class WhatIsTheSame {

        @Test
        void isNotTouched() {
            ReloadReport report = reload(TWO);

            assertThat(report.databases())
                    .extracting(DatabaseEntry::name, DatabaseEntry::action)
                    .containsExactly(tuple("orders", Action.UNTOUCHED), tuple("stock", Action.UNTOUCHED));
            assertThat(provider.attempts()).isEqualTo(2);
            assertThat(report.allWell()).isTrue();
            assertThat(report.lines()).singleElement().asString().matches("reloaded in .*: 2 untouched");
        }

        @Test
        void goesOnWhereTheOtherIsReplaced() {
            reload(TWO.replace("first", "second"));

            assertThat(stock.use()).isEqualTo(stockPool());
            assertThat(provider.attempts()).isEqualTo(3);
        }

        private int stockPool() {
            return provider.pools().get(0).spec().database().equals("stock") ? 1 : 2;
        }
    }

    @Nested
    class OtherSettings {

        @Test
        void ofSizeChangeThePoolInPlace() {
            int before = orders.use();
            ReloadReport report = reload(TWO.replace("database: orders", "database: orders, min_size: 7, max_size: 9"));

            assertThat(entry(report, "orders").action()).isEqualTo(Action.ADJUSTED);
            assertThat(entry(report, "orders").changes()).containsExactly("min_size 5 -> 7", "max_size 20 -> 9");
            assertThat(orders.use()).isEqualTo(before);
            assertThat(provider.attempts()).isEqualTo(2);
            PoolSnapshot now =
                    memfuse.registry().snapshot(entry(report, "orders").key());
            assertThat(now.stats().maxSize()).isEqualTo(9);
            assertThat(now.stats().total()).as("filled to its new minimum").isEqualTo(7);
        }

        @Test
        void ofTimeoutChangeThePoolInPlaceToo() {
            int before = orders.use();
            ReloadReport report = reload(TWO.replace("database: orders", "database: orders, timeout: 7s, max_size: 9"));

            assertThat(entry(report, "orders").action()).isEqualTo(Action.ADJUSTED);
            assertThat(entry(report, "orders").changes()).containsExactly("max_size 20 -> 9", "timeout PT1M -> PT7S");
            assertThat(entry(report, "orders").drained()).isEmpty();
            assertThat(report.lines().get(0))
                    .matches("orders: adjusted \\(max_size 20 -> 9, timeout PT1M -> PT7S\\) in .*");
            assertThat(orders.use()).isEqualTo(before);
            assertThat(pool("orders").timeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(memfuse.registry()
                            .spec(entry(report, "orders").key())
                            .limits()
                            .timeout())
                    .isEqualTo(Duration.ofSeconds(7));
        }

        @Test
        void thatAPoolCannotGoOnWithHaveANewPoolTakeOver() {
            pool("orders").failSetTimeout(new IllegalArgumentException("too short for this pool"));
            ReloadReport report = reload(TWO.replace("database: orders", "database: orders, timeout: 1s"));

            assertThat(report.allWell()).isTrue();
            assertThat(entry(report, "orders").drained()).isPresent();
            assertThat(orders.use()).isEqualTo(3);
            assertThat(provider.pools().get(2).spec().limits().timeout()).isEqualTo(Duration.ofSeconds(1));
        }

        private Pool pool(String database) {
            return provider.pools().stream()
                    .filter(pool -> pool.spec().database().equals(database))
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void ofAnyOtherKindHaveANewPoolTakeOver() {
            ReloadReport report = reload(TWO.replace("first", "second"));

            assertThat(entry(report, "orders").action()).isEqualTo(Action.REPLACED);
            assertThat(entry(report, "orders").changes()).containsExactly("password");
            assertThat(entry(report, "orders").drained())
                    .hasValueSatisfying(drained -> assertThat(drained.drained()).isTrue());
            assertThat(report.lines().get(0))
                    .matches("orders: replaced \\(password\\) in .*; the former pool drained and closed in .*");
            assertThat(String.join("\n", report.lines())).doesNotContain("first", "second");
            assertThat(orders.use()).isEqualTo(3);
            assertThat(provider.pools()).extracting(Pool::closes).containsExactlyInAnyOrder(1, 0, 0);
        }

        @Test
        void thatFailKeepThePoolAndAreTriedAgainByTheNextReload() {
            int before = orders.use();
            failOpenings("orders");
            ReloadReport report =
                    reload(TWO.replace("first", "second").replace("database: stock", "database: stock, max_size: 9"));

            assertThat(entry(report, "orders").failure()).isInstanceOf(PoolOpenException.class);
            assertThat(entry(report, "stock").action()).isEqualTo(Action.ADJUSTED);
            assertThat(entry(report, "stock").failure()).isNull();
            assertThat(report.allWell()).isFalse();
            assertThat(report.lines().get(0))
                    .startsWith("orders: not replaced (password), as before: [MemFuse/PoolOpen");
            assertThat(report.lines().get(2)).endsWith(": 1 adjusted, 1 failed");
            assertThat(orders.use()).isEqualTo(before);

            provider.heal("orders");
            assertThat(entry(reload(TWO.replace("first", "second")), "orders").action())
                    .isEqualTo(Action.REPLACED);
            assertThat(orders.use()).isGreaterThan(before);
        }

        @Test
        void healAPoolThatCouldNotBeOpened() {
            failOpenings("late");
            String withLate = TWO.replace("[orders, stock]", "[orders, stock, late]")
                    .replace(
                            "connection_pool",
                            "  late: {provider: fake, database: late, password: wrong}\nconnection_pool");
            assertThat(reload(withLate).allWell()).isFalse();

            provider.script("late", (spec, context) -> {
                if (spec.password().reveal().equals("wrong")) {
                    throw new IOException("password authentication failed");
                }
            });
            ReloadReport report = reload(withLate.replace("wrong", "right"));
            assertThat(report.allWell()).isTrue();
            assertThat(openDatabases()).containsExactly("late", "orders", "stock");
        }

        @Test
        void ofTwoNamesWithOnePoolChangeItOnce() {
            String shared = """
                    databases:
                      orders: {provider: fake, database: orders, password: first}
                      again: {provider: fake, database: orders, password: first}
                    """;
            reload(shared);
            int before = provider.attempts();
            ReloadReport report = reload(shared.replace("first", "second"));

            assertThat(report.databases()).extracting(DatabaseEntry::action).containsOnly(Action.REPLACED);
            assertThat(provider.attempts()).isEqualTo(before + 1);
            assertThat(memfuse.resource("again", Resource.class).use()).isEqualTo(orders.use());
        }
    }

    @Test
    void aPasswordThatComesFromElsewhereIsAskedForThereWhenItIsRefused() {
        Vault.SECRETS.put("late", "first");
        reload(TWO.replace("first", "'${vault:late}'"));
        Vault.SECRETS.put("late", "rotated");
        Secret ofThePool = provider.pools().stream()
                .filter(pool -> pool.spec().database().equals("orders"))
                .findFirst()
                .orElseThrow()
                .spec()
                .password();

        assertThat(provider.attempts()).as("the same password, the same pool").isEqualTo(2);
        assertThat(ofThePool.renew("first")).isTrue();
        assertThat(ofThePool.reveal()).isEqualTo("rotated");
    }

    @Nested
    class AnotherDatabase {

        private final String moved = TWO.replace("database: orders", "database: orders2");

        @Test
        void toOtherHostsIsAMove() {
            ReloadReport report = reload(TWO.replace("database: orders,", "host: 'db1,db2:5433', database: orders,"));

            assertThat(entry(report, "orders").action()).isEqualTo(Action.MOVED);
            assertThat(entry(report, "orders").changes())
                    .containsExactly(
                            "fake://postgres@localhost:5432/orders -> fake://postgres@db1:5432,db2:5433/orders");
            assertThat(reload(TWO.replace("database: orders,", "url: 'postgresql://DB1,db2:5433/orders',"))
                            .databases())
                    .extracting(DatabaseEntry::name, DatabaseEntry::action)
                    .containsExactly(tuple("orders", Action.UNTOUCHED), tuple("stock", Action.UNTOUCHED));
        }

        @Test
        void isReachedThroughTheSameHandle() {
            ReloadReport report = reload(moved);

            assertThat(entry(report, "orders").action()).isEqualTo(Action.MOVED);
            assertThat(entry(report, "orders").changes())
                    .containsExactly("fake://postgres@localhost:5432/orders -> fake://postgres@localhost:5432/orders2");
            assertThat(entry(report, "orders").drained()).isPresent();
            assertThat(orders.use()).isEqualTo(3);
            assertThat(memfuse.resource("orders", Resource.class)).isSameAs(orders);
            assertThat(openDatabases()).containsExactly("orders2", "stock");
            assertThat(memfuse.databases().values())
                    .extracting(PoolKey::database)
                    .containsExactly("orders2", "stock");
            assertThat(memfuse.registry().snapshot().pools()).hasSize(2);
        }

        @Test
        void isOpenAndFilledBeforeTheNameMoves() throws Exception {
            int before = orders.use();
            CountDownLatch go = holdUp("orders2");
            Future<ReloadReport> reload = callers.submit(() -> reload(moved));
            await().until(() -> provider.attempts() == 3);
            assertThat(orders.use()).isEqualTo(before);
            go.countDown();
            ReloadReport report = reload.get(30, TimeUnit.SECONDS);
            assertThat(memfuse.registry()
                            .snapshot(entry(report, "orders").key())
                            .stats()
                            .total())
                    .isEqualTo(5);
        }

        @Test
        void thatCannotBeOpenedLeavesTheNameWhereItIs() {
            int before = orders.use();
            failOpenings("orders2");
            ReloadReport report = reload(moved);

            assertThat(entry(report, "orders").failure()).hasMessageContaining("no route to host");
            assertThat(entry(report, "orders").key().database()).isEqualTo("orders");
            assertThat(orders.use()).isEqualTo(before);
            assertThat(memfuse.registry().snapshot().pools())
                    .extracting(pool -> pool.key().database())
                    .containsExactlyInAnyOrder("orders", "stock");
        }

        @Test
        void mayBeTheOneOfAnotherNameThatMovesToo() {
            int ordersPool = orders.use();
            int stockPool = stock.use();
            reload("""
                    databases:
                      orders: {provider: fake, database: stock}
                      stock: {provider: fake, database: orders, password: first}
                    """);
            assertThat(orders.use()).isEqualTo(stockPool);
            assertThat(stock.use()).isEqualTo(ordersPool);
            assertThat(provider.attempts()).isEqualTo(2);
            assertThat(memfuse.registry().snapshot().pools()).hasSize(2);
        }

        @Test
        void takesItsSettingsWithItWhenOnlyTheNameChanges() {
            int before = orders.use();
            ReloadReport report = reload("""
                    databases:
                      purchases: {provider: fake, database: orders, password: first, max_size: 9}
                    """);
            assertThat(memfuse.resource("purchases", Resource.class).use()).isEqualTo(before);
            assertThat(memfuse.registry()
                            .snapshot(entry(report, "purchases").key())
                            .stats()
                            .maxSize())
                    .isEqualTo(9);
        }
    }

    @Nested
    class ANewName {

        private final String three = TWO.replace("stock]", "stock, bills]")
                .replace("connection_pool", "  bills: {provider: fake, database: bills}\nconnection_pool");

        @Test
        void isThereAndWarm() {
            ReloadReport report = reload(three);

            assertThat(entry(report, "bills").action()).isEqualTo(Action.ADDED);
            assertThat(report.warmed().pools()).singleElement().satisfies(pool -> {
                assertThat(pool.key().database()).isEqualTo("bills");
                assertThat(pool.connections()).isEqualTo(5);
            });
            assertThat(memfuse.resource("bills", Resource.class).use()).isEqualTo(3);
        }

        @Test
        void thatIsNotToBeWarmIsOpenedOnFirstUse() {
            reload(three.replace(", bills]", "]"));

            assertThat(provider.attempts()).isEqualTo(2);
            assertThat(memfuse.resource("bills", Resource.class).use()).isEqualTo(3);
        }

        @Test
        void thatCannotBeOpenedIsThereAndTriedAgain() {
            failOpenings("bills");
            ReloadReport report = reload(three);

            assertThat(report.allWell()).isFalse();
            assertThat(report.lines())
                    .anyMatch(line -> line.startsWith("fake://postgres@localhost:5432/bills: not warm: "));
            provider.heal("bills");
            await().until(() -> openDatabases().contains("bills"));
        }
    }

    @Nested
    class ANameThatIsGone {

        private final String one = "databases: {orders: {provider: fake, database: orders, password: first}}";

        @Test
        void isNotThereAndItsPoolIsClosedWhenNobodyUsesItAnyMore() throws Exception {
            ReloadReport before = reload(TWO);
            PoolLease<?> lease = memfuse.registry().lease(entry(before, "stock").key());
            Future<ReloadReport> reload = callers.submit(() -> reload(one));
            await().until(() -> catchThrowable(stock::use) instanceof PoolClosedException);
            assertThatThrownBy(() -> memfuse.resource("stock", Resource.class))
                    .isInstanceOf(PoolConfigurationException.class);
            assertThat(reload).isNotDone();
            lease.close();
            ReloadReport report = reload.get(30, TimeUnit.SECONDS);
            assertThat(entry(report, "stock").action()).isEqualTo(Action.REMOVED);
            assertThat(entry(report, "stock").drained()).isPresent();
            assertThat(openDatabases()).containsExactly("orders");
        }

        @Test
        void leadsTheSameHandleToADatabaseAgainWhenItComesBack() {
            reload(one);
            reload(TWO);

            assertThat(stock.use()).isEqualTo(3);
            assertThat(memfuse.resource("stock", Resource.class)).isSameAs(stock);
        }
    }

    @Nested
    class ADatabaseThatTheApplicationRemoved {

        private final PoolKey<?> key = entry(reload(TWO), "orders").key();

        private void remove() {
            memfuse.registry().remove(key).toCompletableFuture().join();
            assertThatThrownBy(orders::use).isInstanceOf(PoolClosedException.class);
        }

        @Test
        void isRegisteredAgainForTheFileSaysThatItIsThere() {
            remove();
            ReloadReport report = reload(TWO);

            assertThat(report.allWell()).isTrue();
            assertThat(report.lines().get(0)).startsWith("orders: added in ");
            assertThat(openDatabases()).as("warm, as the file says").containsExactly("orders", "stock");
            assertThat(orders.use()).isEqualTo(3);
            assertThat(memfuse.resource("orders", Resource.class)).isSameAs(orders);
            assertThat(reload(TWO).lines()).singleElement().asString().endsWith("2 untouched");
        }

        @Test
        void isReachedAgainIfTheApplicationRegisteredItAgain() {
            PoolSpec spec = memfuse.registry().spec(key);
            remove();
            memfuse.registry().register(spec, Resource.class);

            assertThat(reload(TWO).allWell()).isTrue();
            assertThat(orders.use()).isEqualTo(3);
        }

        @Test
        void mayBeAnotherOneInTheFile() {
            remove();
            ReloadReport report = reload(TWO.replace("database: orders", "database: orders2"));

            assertThat(report.allWell()).isTrue();
            assertThat(openDatabases()).containsExactly("orders2", "stock");
            assertThat(orders.use()).isEqualTo(3);
        }

        @Test
        void mayBeGoneFromTheFile() {
            remove();
            ReloadReport report = reload("databases: {stock: {provider: fake, database: stock}}");

            assertThat(entry(report, "orders").action()).isEqualTo(Action.REMOVED);
            assertThat(report.allWell()).isTrue();
        }

        @Test
        void whileTheReloadAddsItLeavesNothingOfTheReloadBehind() throws Exception {
            CountDownLatch go = holdUp("orders2");
            Future<ReloadReport> reload = callers.submit(() -> reload("""
                    databases:
                      orders: {provider: fake, database: orders2}
                      stock: {provider: fake, database: stock}
                      bills: {provider: fake, database: bills}
                    """));
            await().until(() -> provider.attempts() == 3
                    && memfuse.registry().snapshot().pools().size() == 4);
            memfuse.registry().remove(keyOf("bills"));
            go.countDown();

            assertThatThrownBy(() -> reload.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("bills: not registered");
            assertThat(orders.use()).isPositive();
            await().untilAsserted(() -> assertThat(memfuse.registry().snapshot().pools())
                    .extracting(pool -> pool.key().database())
                    .containsExactlyInAnyOrder("orders", "stock"));
            assertThat(reload(TWO).allWell()).isTrue();
        }

        private PoolKey<?> keyOf(String database) {
            return memfuse.registry().snapshot().pools().stream()
                    .map(PoolSnapshot::key)
                    .filter(known -> known.database().equals(database))
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void whileItIsReplacedStopsNothingElse() throws Exception {
            CountDownLatch go = holdUp("orders");
            Future<ReloadReport> reload = callers.submit(() ->
                    reload(TWO.replace("first", "second").replace("database: stock", "database: stock, max_size: 9")));
            await().until(() -> provider.attempts() == 3);
            memfuse.registry().remove(key);
            go.countDown();
            ReloadReport report = reload.get(30, TimeUnit.SECONDS);

            assertThat(entry(report, "orders").failure()).isInstanceOf(PoolClosedException.class);
            assertThat(entry(report, "stock").failure()).isNull();
            assertThat(reload(TWO).allWell()).isTrue();
            assertThat(orders.use()).isPositive();
        }
    }

    @Test
    void aDatabaseThatIsNotPinnedAnyMoreIsClosedWhenNobodyUsesIt() {
        String pinned = TWO + "  pool_idle_timeout: 1s\n";
        String unpinned = pinned.replace("database: stock", "database: stock, pinned: false");
        try (MemFuse other = start(pinned)) {
            PoolRegistry pools = other.registry();
            ReloadReport report = other.reload(Yaml.read(unpinned));
            PoolKey<?> stockKey = entry(report, "stock").key();
            PoolKey<?> ordersKey = entry(report, "orders").key();
            await().until(() -> pools.snapshot(stockKey).state() == PoolState.REGISTERED);
            assertThat(pools.snapshot(ordersKey).state()).isEqualTo(PoolState.OPEN);
        }
    }

    @Nested
    class Services {

        private final String cached = TWO + "  precache_configs: [{user: alice, services: [note], database: stock}]\n";

        private Note note(String user) {
            return memfuse.services().get(user, Note.class);
        }

        @Test
        void thatAreNewInTheFileAreMade() {
            ReloadReport report = reload(cached);

            assertThat(report.warmed().services())
                    .extracting(ServiceEntry::key)
                    .asString()
                    .isEqualTo("[note of alice]");
            assertThat(report.lines().get(0)).startsWith("note of alice: made in ");
            assertThat(reload(cached).warmed().services()).isEmpty();
        }

        @Test
        void goOnWhereTheirDatabaseStaysTheSame() {
            Note before = note("bob");
            reload(TWO.replace("first", "second"));

            assertThat(note("bob")).isSameAs(before);
            assertThat(before.database().use()).isEqualTo(3);
        }

        @Test
        void areMadeAnewWhereTheirDatabaseMoves() {
            reload(cached);
            Note alice = note("alice");
            Note bob = note("bob");
            ReloadReport report = reload(cached.replace("fake, database: stock}", "fake, database: stock2}"));

            assertThat(note("alice")).isNotSameAs(alice);
            assertThat(note("bob")).as("lives on orders").isSameAs(bob);
            assertThat(report.warmed().services()).hasSize(1);
        }

        @Test
        void allAreMadeAnewWhereTheFirstDatabaseIsAnotherOne() {
            Note bob = note("bob");
            reload("databases: {stock: {provider: fake, database: stock}}");

            assertThat(note("bob")).isNotSameAs(bob);
            assertThat(note("bob").database().use()).isEqualTo(stock.use());
        }

        @Test
        void thatLiveOnADatabaseThatCouldNotMoveGoOn() {
            Note bob = note("bob");
            failOpenings("orders2");
            reload(TWO.replace("database: orders", "database: orders2"));

            assertThat(note("bob")).isSameAs(bob);
        }

        @Test
        void haveTheirSettingsAfterARestart() {
            ReloadReport report = reload(TWO + "services: {note: {lines: 7}}\n");

            assertThat(report.notes()).containsExactly("services.note takes effect with a restart");
            assertThat(note("bob").lines()).isEqualTo(3);
        }
    }

    @Nested
    class ABadConfiguration {

        @Test
        void changesNothingAndTellsEverythingThatIsWrong(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("memfuse.yaml"), """
                    databases:
                      orders: {provider: fake, database: other, max_size: 0}
                      stock: {provider: faek, database: stock}
                    """);
            assertThatThrownBy(() -> memfuse.reload(file))
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.problems()).hasSize(2))
                    .hasMessageContaining("max_size")
                    .hasMessageContaining("faek");
            assertThat(provider.attempts()).isEqualTo(2);
            assertThat(openDatabases()).containsExactly("orders", "stock");
            assertThat(reload(TWO).lines()).hasSize(1);
        }

        @Test
        void thatCannotBeReadChangesNothing(@TempDir Path folder) {
            assertThatThrownBy(() -> memfuse.reload(folder.resolve("missing.yaml")))
                    .isInstanceOf(ConfigException.class);
            assertThat(reload(TWO).allWell()).isTrue();
        }

        @Test
        void ofWhichServiceSettingsAreWrongChangesNothing() {
            assertThatThrownBy(() -> reload(TWO + "services: {note: {lines: 1000}}\n"))
                    .isInstanceOf(ConfigException.class);
        }
    }

    @Nested
    class OneAtATime {

        @Test
        void anotherIsRefusedUntilTheFirstHasEnded() throws Exception {
            CountDownLatch go = holdUp("orders");
            Future<ReloadReport> first = callers.submit(() -> reload(TWO.replace("first", "second")));
            await().until(() -> provider.attempts() == 3);
            assertThatThrownBy(() -> reload(TWO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(
                            "\\[MemFuse/ReloadUnderWay] another reload began .* ago and has not ended; nothing was"
                                    + " changed, try again when it has");
            go.countDown();
            assertThat(first.get(30, TimeUnit.SECONDS).allWell()).isTrue();
            assertThat(reload(TWO).allWell()).isTrue();
        }

        @Test
        void anInterruptEndsTheWaitingNotTheReload() throws Exception {
            CountDownLatch go = holdUp("orders");
            Future<Throwable> first = callers.submit(() -> {
                Throwable thrown = catchThrowable(() -> reload(TWO.replace("first", "second")));
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                return thrown;
            });
            await().until(() -> provider.attempts() == 3);
            callers.shutdownNow();
            assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
            go.countDown();
            await().until(() -> orders.use() == 3);
        }

        @Test
        void noneAfterTheEnd() {
            memfuse.close();
            assertThatThrownBy(() -> reload(TWO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("[MemFuse/ReloadAfterClose]");
        }

        @Test
        void theEndOfThePlatformEndsAReload() throws Exception {
            CountDownLatch go = holdUp("orders2");
            Future<Throwable> reload = callers.submit(
                    () -> catchThrowable(() -> reload(TWO.replace("database: orders", "database: orders2"))));
            await().until(() -> provider.attempts() == 3);
            Future<?> closing = callers.submit(memfuse::close);
            assertThat(reload.get(30, TimeUnit.SECONDS)).isInstanceOf(PoolClosedException.class);
            go.countDown();
            closing.get(30, TimeUnit.SECONDS);
            await().untilAsserted(() -> assertThat(provider.pools()).allMatch(pool -> pool.closes() == 1));
        }
    }
}
