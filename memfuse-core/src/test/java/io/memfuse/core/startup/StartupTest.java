package io.memfuse.core.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceKey;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.startup.StartupReport.ServiceState;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StartupTest {

    private record Greeting(String text) {}

    private final ManualTime time = new ManualTime();
    private final EngineThreads threads = TestThreads.with(time);
    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .threads(threads)
            .ticker(time)
            .build();
    private final AtomicInteger greetingFailures = new AtomicInteger();
    private final ServiceCache services = ServiceCache.builder()
            .threads(threads)
            .ticker(time)
            .loadTimeout(Duration.ofSeconds(20))
            .factory(new ServiceFactory<Greeting>() {
                @Override
                public String name() {
                    return "greeting";
                }

                @Override
                public Class<Greeting> type() {
                    return Greeting.class;
                }

                @Override
                public Greeting create(ServiceContext context) throws Exception {
                    if (greetingFailures.getAndDecrement() > 0) {
                        throw new IOException("lost for words");
                    }
                    return new Greeting("hello " + context.user());
                }
            })
            .build();
    private final List<String> events = new CopyOnWriteArrayList<>();

    private Startup startup = startup(new StartupListener() {
        @Override
        public void warming(PoolKey<?> key) {
            events.add("warming " + key.database());
        }

        @Override
        public void settled(PoolEntry entry) {
            events.add(entry.key().database() + " " + entry.state());
        }

        @Override
        public void precaching(ServiceKey key) {
            events.add("precaching " + key);
        }

        @Override
        public void settled(ServiceEntry entry) {
            events.add(entry.key() + " " + entry.state());
        }
    });

    private Startup startup(StartupListener listener) {
        return Startup.builder()
                .registry(registry)
                .services(services)
                .threads(threads)
                .ticker(time)
                .listener(listener)
                .parallelism(4)
                .retry(Duration.ofSeconds(1), Duration.ofSeconds(4))
                .build();
    }

    @AfterEach
    void close() {
        startup.close();
        services.close();
        registry.close(Duration.ZERO);
        threads.close();
    }

    private PoolKey<Resource> register(String database) {
        return registry.register(FakePoolProvider.spec(database), Resource.class);
    }

    private void kill(String database) {
        provider.script(database, (spec, context) -> {
            throw PoolOpenException.attemptFailed(
                    context.key(), FailureKind.UNREACHABLE, "connection refused", Duration.ZERO, null);
        });
    }

    @Test
    void aPoolThatIsNotRegisteredIsAnEntryThatFailed() throws Exception {
        PoolKey<Resource> unknown = PoolKey.of(FakePoolProvider.spec("unknown"), Resource.class);
        StartupReport report = startup.run(new StartupPlan(List.of(unknown, register("orders")), List.of()));
        assertThat(report.pools()).extracting(PoolEntry::state).containsExactly(PoolState.CLOSED, PoolState.OPEN);
        assertThat(report.pools().get(0).failure()).isInstanceOf(PoolConfigurationException.class);
    }

    private CompletableFuture<StartupReport> runInBackground(StartupPlan plan) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return startup.run(plan);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void reportsWhatWasWarmedAndPrecached() throws Exception {
        StartupReport report =
                startup.run(new StartupPlan(List.of(register("orders")), List.of(new ServiceKey("alice", "greeting"))));
        assertThat(report.allWell()).isTrue();
        assertThat(report.pools()).singleElement().satisfies(pool -> {
            assertThat(pool.state()).isEqualTo(PoolState.OPEN);
            assertThat(pool.connections()).isEqualTo(5);
            assertThat(pool.error()).isEmpty();
        });
        assertThat(report.services())
                .singleElement()
                .satisfies(service -> assertThat(service.state()).isEqualTo(ServiceState.READY));
        assertThat(services.get("alice", Greeting.class)).isEqualTo(new Greeting("hello alice"));
        assertThat(services.stats().hits()).isEqualTo(1);
        assertThat(events)
                .containsExactlyInAnyOrder(
                        "warming orders", "orders OPEN", "precaching greeting of alice", "greeting of alice READY");
    }

    @Test
    void aDeadDatabaseStopsNoOtherEntry() throws Exception {
        kill("dead");
        StartupReport report = startup.run(new StartupPlan(
                List.of(register("dead"), register("orders")), List.of(new ServiceKey("alice", "greeting"))));
        assertThat(report.allWell()).isFalse();
        assertThat(report.pools()).extracting(PoolEntry::state).containsExactly(PoolState.FAILED, PoolState.OPEN);
        assertThat(report.pools().get(0).error())
                .hasValueSatisfying(error -> assertThat(error).contains("connection refused"));
        assertThat(report.services()).extracting(ServiceEntry::state).containsExactly(ServiceState.READY);
    }

    @Test
    void beginsTheServicesOnceAPoolIsWarmAndWaitsForNoDeadOne() throws Exception {
        provider.script("silent", (spec, context) -> new CountDownLatch(1).await());
        CompletableFuture<StartupReport> report = runInBackground(new StartupPlan(
                List.of(register("silent"), register("orders")), List.of(new ServiceKey("alice", "greeting"))));
        await().until(() -> events.contains("greeting of alice READY"));
        assertThat(events.indexOf("orders OPEN")).isLessThan(events.indexOf("precaching greeting of alice"));
        assertThat(report).isNotDone();
        time.advance(Duration.ofSeconds(60));
        assertThat(report).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aDatabaseThatDoesNotAnswerSettlesAtItsOwnDeadline() throws Exception {
        provider.script("silent", (spec, context) -> new CountDownLatch(1).await());
        CompletableFuture<StartupReport> report =
                runInBackground(new StartupPlan(List.of(register("silent"), register("orders")), List.of()));
        await().until(() -> events.contains("orders OPEN"));
        time.advance(Duration.ofSeconds(60));
        assertThat(report).succeedsWithin(Duration.ofSeconds(10)).satisfies(settled -> {
            assertThat(settled.pools().get(0).state()).isEqualTo(PoolState.OPENING);
            assertThat(settled.pools().get(0).error())
                    .hasValueSatisfying(error -> assertThat(error).contains("still opening after 1 min 0 s"));
        });
    }

    @Test
    void triesAFailedPoolAgainInTheBackgroundUntilItIsWell() throws Exception {
        kill("dead");
        PoolKey<Resource> key = register("dead");
        startup.run(new StartupPlan(List.of(key), List.of()));
        time.advance(Duration.ofSeconds(1));
        await().until(() -> provider.attempts() >= 2);
        provider.heal("dead");
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return registry.snapshot(key).state() == PoolState.OPEN;
        });
        await().until(() -> registry.snapshot(key).stats().total() == 5);
    }

    @Test
    void triesAFailedServiceAgainInTheBackground() throws Exception {
        greetingFailures.set(2);
        StartupReport report = startup.run(new StartupPlan(List.of(), List.of(new ServiceKey("alice", "greeting"))));
        assertThat(report.services().get(0).state()).isEqualTo(ServiceState.FAILED);
        assertThat(report.services().get(0).error())
                .contains("[MemFuse/ServiceFailed] greeting of alice could not be made: lost for words");
        time.advance(Duration.ofSeconds(1));
        await().until(() -> services.stats().failures() == 2);
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return services.stats().loads() == 1;
        });
    }

    @Test
    void triesNothingAgainOnceItIsClosed() throws Exception {
        kill("dead");
        startup.run(new StartupPlan(List.of(register("dead")), List.of()));
        startup.close();
        time.advance(Duration.ofMinutes(10));
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void doesNotTryAgainWhatNoRetryCanHelp() throws Exception {
        provider.script("odd", (spec, context) -> {
            throw PoolOpenException.attemptFailed(
                    context.key(), FailureKind.MISCONFIGURED, "no such option", Duration.ZERO, null);
        });
        startup.run(new StartupPlan(List.of(register("odd")), List.of(new ServiceKey("alice", "unknown"))));
        time.advance(Duration.ofMinutes(10));
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void opensSoManyAtATime() throws Exception {
        var go = new CountDownLatch(1);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        List<PoolKey<?>> keys = IntStream.range(0, 40)
                .<PoolKey<?>>mapToObj(i -> {
                    provider.script("db" + i, (spec, context) -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        go.await();
                        now.decrementAndGet();
                    });
                    return register("db" + i);
                })
                .toList();
        CompletableFuture<StartupReport> report = runInBackground(new StartupPlan(keys, List.of()));
        await().until(() -> now.get() == 4);
        go.countDown();
        assertThat(report.get(10, TimeUnit.SECONDS).pools())
                .extracting(PoolEntry::key)
                .containsExactlyElementsOf(keys);
        assertThat(most).hasValue(4);
    }

    @Test
    void aServerThatDoesNotAnswerHoldsUpNoPoolOfAnother() throws Exception {
        var go = new CountDownLatch(1);
        List<PoolKey<?>> keys = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            provider.script("dead" + i, (spec, context) -> go.await());
            keys.add(register("dead" + i));
        }
        PoolSpec elsewhere = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                .host("elsewhere")
                .build();
        keys.add(registry.register(elsewhere, Resource.class));

        CompletableFuture<StartupReport> report = runInBackground(new StartupPlan(keys, List.of()));

        await().untilAsserted(() -> assertThat(events).contains("orders OPEN"));
        assertThat(report).isNotDone();
        go.countDown();
        assertThat(report.get(10, TimeUnit.SECONDS).allWell()).isTrue();
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws Exception {
        startup = startup(new StartupListener() {
            @Override
            public void warming(PoolKey<?> key) {
                throw new NoClassDefFoundError("the listener's own failure");
            }
        });
        assertThat(startup.run(new StartupPlan(
                                List.of(register("a"), register("b"), register("c"), register("d"), register("e")),
                                List.of()))
                        .allWell())
                .isTrue();
    }
}
