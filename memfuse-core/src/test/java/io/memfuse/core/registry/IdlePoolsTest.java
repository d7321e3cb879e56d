package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools that nobody uses, with executors that do all work at once. */
@Timeout(60)
class IdlePoolsTest {

    private static final Duration IDLE = Duration.ofSeconds(80);
    private static final Duration ALMOST = IDLE.minusNanos(1);

    /** A use may be noticed one sweep late, and the end of the time too. */
    private static final Duration AT_THE_LATEST = Duration.ofSeconds(100);

    private final ManualTime time = new ManualTime();
    private final FakePoolProvider provider = new FakePoolProvider();
    private final EngineThreads threads = TestThreads.onCaller(time);
    private final List<PoolRegistry> registries = new ArrayList<>();

    @AfterEach
    void close() {
        registries.forEach(registry -> registry.close(Duration.ZERO));
    }

    private PoolRegistry registry(Duration idleTimeout, int maxOpen) {
        return registry(provider, idleTimeout, maxOpen);
    }

    private PoolRegistry registry(PoolProvider<Resource> by, Duration idleTimeout, int maxOpen) {
        PoolRegistry registry = PoolRegistry.builder()
                .provider(by)
                .threads(threads)
                .ticker(time)
                .poolIdleTimeout(idleTimeout)
                .maxOpenPools(maxOpen)
                .build();
        registries.add(registry);
        return registry;
    }

    private static PoolKey<Resource> open(PoolRegistry registry, String database) {
        PoolKey<Resource> key = registry.register(FakePoolProvider.spec(database), Resource.class);
        registry.lease(key).close();
        return key;
    }

    private static List<String> openPools(PoolRegistry registry) {
        return registry.snapshot().pools().stream()
                .filter(pool -> pool.state() == PoolState.OPEN)
                .map(pool -> pool.key().database())
                .toList();
    }

    @Nested
    class AfterAnIdleTimeout {

        private final CompletableFuture<PoolRoute<Resource>> route = new CompletableFuture<>();
        private final PoolRegistry registry = registry(
                new DelegatingProvider(provider) {
                    @Override
                    public Resource durable(PoolRoute<Resource> given) {
                        route.complete(given);
                        return super.durable(given);
                    }
                },
                IDLE,
                0);
        private final PoolKey<Resource> key = open(registry, "a");
        private final Resource durable = registry.durable(key);

        private PoolState state() {
            return registry.snapshot(key).state();
        }

        @Test
        void isClosedNotBeforeAndNotLongAfter() {
            time.advance(ALMOST);
            assertThat(state()).isEqualTo(PoolState.OPEN);
            time.advance(AT_THE_LATEST.minus(ALMOST));
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        }

        /** It was used when it was opened, which the first sweep notices, after an eighth of the time. */
        @Test
        void isClosedByTheSweepThatFindsTheTimeUp() {
            time.advance(IDLE.plusSeconds(10).minusNanos(1));
            assertThat(state()).isEqualTo(PoolState.OPEN);
            time.advance(Duration.ofNanos(1));
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
        }

        @ParameterizedTest
        @EnumSource(
                mode = EnumSource.Mode.EXCLUDE,
                names = {"PEEK", "IF_OPEN"})
        void countsFromTheUseForWhichItWasOpened(Use use) {
            registry.evict(key);
            use(use);
            time.advance(IDLE.plusSeconds(10).minusNanos(1));
            assertThat(state()).isEqualTo(PoolState.OPEN);
            assertThat(provider.attempts()).isEqualTo(2);
        }

        @Test
        void isOpenedAgainByTheNextCaller() {
            time.advance(AT_THE_LATEST);
            assertThat(durable.use()).isEqualTo(2);
        }

        private void failToReplace() {
            provider.script("a", (spec, context) -> {
                throw new IllegalStateException("refused");
            });
            assertThat(registry.replace(key, FakePoolProvider.spec("a", 1, 2))).isCompletedExceptionally();
        }

        @Test
        void staysOpenIfItWasUsedJustBeforeAReplacementFailed() {
            time.advance(ALMOST);
            durable.use();
            failToReplace();
            time.advance(IDLE.dividedBy(2));
            assertThat(state()).isEqualTo(PoolState.OPEN);
            assertThat(durable.use()).isEqualTo(1);
        }

        /** What counts as a use. */
        enum Use {
            DURABLE,
            WHEN_OPEN,
            IF_OPEN,
            LEASE,
            PEEK,
            WARM_UP
        }

        @ParameterizedTest
        @EnumSource
        void staysOpenAsLongAsItIsAskedFor(Use use) {
            for (int i = 0; i < 5; i++) {
                time.advance(ALMOST);
                use(use);
            }
            assertThat(provider.attempts()).isEqualTo(1);
            time.advance(AT_THE_LATEST);
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
        }

        private void use(Use use) {
            switch (use) {
                case DURABLE -> durable.use();
                case WHEN_OPEN -> route.join().whenOpen().toCompletableFuture().join();
                case IF_OPEN -> assertThat(route.join().ifOpen()).isNotNull();
                case LEASE -> registry.lease(key).close();
                case PEEK -> registry.peek(key).orElseThrow().close();
                default -> registry.warmUp(key).toCompletableFuture().join();
            }
        }

        @Test
        void staysOpenWhileALeaseIsHeld() {
            try (PoolLease<Resource> lease = registry.lease(key)) {
                time.advance(IDLE.multipliedBy(10));
                assertThat(lease.resource().use()).isEqualTo(1);
                assertThat(state()).isEqualTo(PoolState.OPEN);
            }
            time.advance(ALMOST);
            assertThat(state()).isEqualTo(PoolState.OPEN);
            time.advance(AT_THE_LATEST);
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
        }

        @Test
        void staysOpenWhileAConnectionIsHeld() {
            provider.pools().get(0).borrow(1);
            time.advance(IDLE.multipliedBy(10));
            assertThat(state()).isEqualTo(PoolState.OPEN);
            provider.pools().get(0).borrow(-1);
            time.advance(AT_THE_LATEST);
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
        }

        @Test
        void staysOpenWhileItIsPinned() {
            registry.pin(key);
            time.advance(IDLE.multipliedBy(10));
            assertThat(state()).isEqualTo(PoolState.OPEN);
            registry.unpin(key);
            time.advance(AT_THE_LATEST);
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
        }

        @Test
        void aPoolWhoseNumbersFailIsTakenForIdle() {
            provider.pools().get(0).failStats(new IllegalStateException("no numbers"));
            time.advance(AT_THE_LATEST);
            assertThat(state()).isEqualTo(PoolState.REGISTERED);
        }
    }

    @Nested
    class BeyondACap {

        private final PoolRegistry registry = registry(Duration.ZERO, 2);

        @Test
        void theLeastRecentlyUsedIsClosed() {
            PoolKey<Resource> a = open(registry, "a");
            time.advance(Duration.ofSeconds(11));
            open(registry, "b");
            time.advance(Duration.ofSeconds(11));
            registry.lease(a).close();
            time.advance(Duration.ofSeconds(11));
            open(registry, "c");
            assertThat(openPools(registry)).containsExactly("a", "c");
            assertThat(provider.pools().get(1).closes()).isEqualTo(1);
        }

        @Test
        void ofSeveralUsedInOneSweepTheOldestIsClosed() {
            open(registry, "a");
            time.advance(Duration.ofNanos(1));
            open(registry, "b");
            time.advance(Duration.ofNanos(1));
            open(registry, "c");
            assertThat(openPools(registry)).containsExactly("b", "c");
        }

        @Test
        void whatIsInUseStaysAndMoreAreOpenedAllTheSame() {
            PoolKey<Resource> a = open(registry, "a");
            open(registry, "b");
            provider.pools().get(1).borrow(1);
            try (PoolLease<Resource> lease = registry.lease(a)) {
                open(registry, "c");
                assertThat(lease.resource().use()).isEqualTo(1);
                assertThat(openPools(registry)).containsExactly("a", "b", "c");
            }
        }

        @Test
        void whatIsPinnedStays() {
            registry.pin(open(registry, "a"));
            time.advance(Duration.ofSeconds(11));
            open(registry, "b");
            time.advance(Duration.ofSeconds(11));
            open(registry, "c");
            assertThat(openPools(registry)).containsExactly("a", "c");
        }

        @Test
        void goesBackToItAsSoonAsItCan() {
            List<PoolLease<Resource>> leases = new ArrayList<>();
            for (String database : List.of("a", "b", "c", "d")) {
                leases.add(registry.lease(registry.register(FakePoolProvider.spec(database), Resource.class)));
                time.advance(Duration.ofMillis(1));
            }
            time.advance(Duration.ofMinutes(1));
            assertThat(openPools(registry)).hasSize(4);
            leases.forEach(PoolLease::close);
            time.advance(Duration.ofSeconds(10));
            assertThat(openPools(registry)).containsExactly("c", "d");
        }

        @Test
        void aPoolThatWasJustOpenedIsNotTheNextToGo() {
            PoolKey<Resource> a = open(registry, "a");
            PoolKey<Resource> b = open(registry, "b");
            PoolKey<Resource> c = registry.register(FakePoolProvider.spec("c"), Resource.class);
            try (PoolLease<Resource> one = registry.lease(a);
                    PoolLease<Resource> other = registry.lease(b)) {
                assertThat(List.of(one.resource().use(), other.resource().use()))
                        .containsExactly(1, 2);
                registry.warmUp(c);
                assertThat(openPools(registry)).containsExactly("a", "b", "c");
            }
        }

        @Test
        void warnsOnceForEachPoolThatIsOneMoreThanBefore() {
            try (var log = new RecordedLog(IdlePools.class)) {
                List<PoolLease<Resource>> leases = new ArrayList<>();
                for (String database : List.of("a", "b", "c", "d")) {
                    leases.add(registry.lease(registry.register(FakePoolProvider.spec(database), Resource.class)));
                }
                time.advance(Duration.ofMinutes(1));
                assertThat(log.warnings())
                        .extracting(warning -> warning.substring(0, warning.indexOf(" are open")))
                        .containsExactly(
                                "registry: 1 pools more than max_open_pools (2)",
                                "registry: 2 pools more than max_open_pools (2)");
                leases.forEach(PoolLease::close);
                time.advance(Duration.ofMinutes(1));
                assertThat(log.warnings()).hasSize(2);
            }
        }

        @Test
        void warnsOfNothingAsLongAsNoneIsTooMany() {
            try (var log = new RecordedLog(IdlePools.class)) {
                open(registry, "a");
                open(registry, "b");
                time.advance(Duration.ofMinutes(1));
                open(registry, "c");
                assertThat(log.warnings()).isEmpty();
            }
        }

        @Test
        void aDatabaseThatIsDownClosesNothing() {
            open(registry, "a");
            open(registry, "b");
            provider.script("down", (spec, context) -> {
                throw new IllegalStateException("connection refused");
            });
            assertThatThrownBy(() -> open(registry, "down")).hasMessageContaining("connection refused");
            time.advance(Duration.ofMinutes(1));
            assertThat(openPools(registry)).containsExactly("a", "b");
        }
    }

    @Nested
    class WithATimeoutAndACap {

        private final PoolRegistry registry = registry(IDLE, 1);

        private PoolLease<Resource> lease(String database) {
            return registry.lease(registry.register(FakePoolProvider.spec(database), Resource.class));
        }

        /** One is idle for too long, and of the two others one is too many: it is not two that go for the cap. */
        @Test
        void whatIsClosedForTheTimeoutCountsForTheCap() {
            PoolLease<Resource> a = lease("a");
            registry.pin(a.key());
            a.close();
            PoolLease<Resource> b = lease("b");
            PoolLease<Resource> c = lease("c");
            time.advance(IDLE.plusSeconds(20));
            assertThat(openPools(registry)).containsExactly("a", "b", "c");
            registry.unpin(a.key());
            b.close();
            c.close();
            time.advance(Duration.ofSeconds(10));
            assertThat(openPools(registry)).hasSize(1).doesNotContain("a");
        }
    }

    @Nested
    class Sweeps {

        private final AtomicInteger asked = new AtomicInteger();

        @Test
        void areNotMadeForAnOpeningIfTheNumberIsNotBounded() {
            provider.scriptPools(pool -> pool.beforeStats(asked::incrementAndGet));
            PoolRegistry registry = registry(IDLE, 0);
            open(registry, "a");
            open(registry, "b");
            assertThat(asked).hasValue(0);
            time.advance(Duration.ofSeconds(10));
            assertThat(asked).hasValue(2);
        }
    }

    @Nested
    class TheTimer {

        @Test
        void isNotThereWithoutABound() {
            PoolRegistry registry = registry(Duration.ZERO, 0);
            open(registry, "a");
            assertThat(time.scheduled()).isZero();
        }

        @Test
        void isOneForAllPoolsAndEndsWithTheRegistry() {
            PoolRegistry registry = registry(IDLE, 100);
            for (int i = 0; i < 20; i++) {
                open(registry, "db" + i);
            }
            assertThat(time.scheduled()).isEqualTo(1);
            registry.close(Duration.ZERO);
            assertThat(time.scheduled()).isZero();
        }

        @Test
        void goesOnAfterASweepThatCouldNotBeHandedOver() {
            var failing = new AtomicBoolean(true);
            ExecutorService closers = new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
                @Override
                public void execute(Runnable work) {
                    if (failing.getAndSet(false)) {
                        throw new InternalError("for a test");
                    }
                    work.run();
                }
            };
            var badly = new EngineThreads(
                    threads.scheduler(),
                    threads.callbacks(),
                    threads.openers(),
                    threads.workers(),
                    closers,
                    threads.loaders());
            PoolRegistry registry = PoolRegistry.builder()
                    .provider(provider)
                    .threads(badly)
                    .ticker(time)
                    .poolIdleTimeout(IDLE)
                    .build();
            registries.add(registry);
            open(registry, "a");
            time.advance(AT_THE_LATEST.multipliedBy(2));
            assertThat(openPools(registry)).isEmpty();
        }

        @Test
        void sweepsAsOftenAsTheStricterBoundNeeds() {
            assertThat(new IdleLimits(Duration.ofSeconds(80), 0).period()).isEqualTo(Duration.ofSeconds(10));
            assertThat(new IdleLimits(Duration.ofHours(8), 0).period()).isEqualTo(Duration.ofHours(1));
            assertThat(new IdleLimits(Duration.ofHours(8), 5).period()).isEqualTo(Duration.ofSeconds(10));
            assertThat(new IdleLimits(Duration.ofSeconds(8), 5).period()).isEqualTo(Duration.ofSeconds(1));
            assertThat(new IdleLimits(Duration.ZERO, 5).period()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Nested
    class Bounds {

        @Test
        void areRefusedOutsideTheirRange() {
            PoolRegistryBuilder builder = PoolRegistry.builder();
            assertThatThrownBy(() -> builder.poolIdleTimeout(Duration.ofMillis(9)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("accepted: zero (for ever) or 10 ms to 365 days");
            assertThatThrownBy(() -> builder.poolIdleTimeout(Duration.ofDays(366)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.poolIdleTimeout(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.maxOpenPools(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("accepted: 0 (any number) or more");
        }

        @Test
        void takeTheirEnds() {
            assertThat(PoolRegistry.builder()
                            .poolIdleTimeout(Duration.ofMillis(10))
                            .poolIdleTimeout(Duration.ofDays(365))
                            .poolIdleTimeout(Duration.ZERO)
                            .maxOpenPools(0))
                    .isNotNull();
        }
    }
}
