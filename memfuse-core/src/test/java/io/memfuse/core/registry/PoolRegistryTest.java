package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.RecordingListener;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PoolRegistryTest {

    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final FakePoolProvider provider = new FakePoolProvider();
    private final RecordingListener listener = new RecordingListener();
    private final EngineThreads threads = TestThreads.with(time);
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .threads(threads)
            .ticker(time)
            .listener(listener)
            .backoff(BACKOFF, Duration.ofSeconds(8))
            .random(() -> 1L << 63) // nextDouble() is 0.5: no variation
            .drainTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        callers.shutdownNow();
        registry.close(Duration.ZERO);
        threads.close();
    }

    private PoolKey<Resource> register(String database) {
        return registry.register(FakePoolProvider.spec(database), Resource.class);
    }

    private PoolState stateOf(PoolKey<?> key) {
        return registry.snapshot(key).state();
    }

    @Nested
    class Registering {

        @Test
        void opensNothing() {
            PoolKey<Resource> key = register("orders");
            assertThat(provider.attempts()).isZero();
            assertThat(stateOf(key)).isEqualTo(PoolState.REGISTERED);
            assertThat(registry.peek(key)).isEmpty();
        }

        @Test
        void givesTheSameKeyForOneDatabaseHoweverItIsSpelled() {
            PoolKey<Resource> key = register("orders");
            PoolSpec spelled = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                    .host("localhost")
                    .build();
            assertThat(registry.register(spelled, Resource.class)).isSameAs(key);
        }

        @Test
        void refusesOneDatabaseWithTwoSettingsAndNamesThemButNotThePassword() {
            register("orders");
            PoolSpec other = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                    .limits(PoolLimits.DEFAULTS.withSizes(1, 2))
                    .password(Secret.of("hunter2"))
                    .build();
            assertThatThrownBy(() -> registry.register(other, Resource.class))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("min_size: 5 and 1, max_size: 20 and 2, password")
                    .hasMessageNotContaining("hunter2");
        }

        @Test
        void namesTheKnownProvidersWhenOneIsMissing() {
            assertThatThrownBy(() ->
                            registry.register(PoolSpec.builder("oracle", "x").build(), Resource.class))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("no provider 'oracle' is there; known: fake");
        }

        @Test
        void refusesATypeThatTheProviderDoesNotOffer() {
            assertThatThrownBy(() -> registry.register(FakePoolProvider.spec("x"), String.class))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("not a java.lang.String");
        }

        @Test
        void refusesAKeyThatNobodyRegistered() {
            PoolKey<Resource> stranger = PoolKey.of(FakePoolProvider.spec("stranger"), Resource.class);
            assertThatThrownBy(() -> registry.lease(stranger))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("not registered");
        }

        @Test
        void refusesTwoProvidersOfOneName() {
            assertThatThrownBy(() -> PoolRegistry.builder().provider(provider).provider(new FakePoolProvider()))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("two providers are named 'fake'");
        }
    }

    @Nested
    class Opening {

        @Test
        void happensOnceForAnyNumberOfCallers() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("orders", (spec, context) -> go.await());
            PoolKey<Resource> key = register("orders");
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(callers.submit(() -> {
                    try (PoolLease<Resource> lease = registry.lease(key)) {
                        return lease.resource().use();
                    }
                }));
            }
            await().until(() -> provider.attempts() == 1);
            go.countDown();
            for (Future<Integer> one : all) {
                assertThat(one.get()).isEqualTo(1);
            }
            assertThat(provider.attempts()).isEqualTo(1);
            assertThat(listener.events()).containsExactly("opened");
        }

        @Test
        void doesNotHoldUpAnotherDatabase() {
            provider.script("slow", (spec, context) -> new CountDownLatch(1).await());
            PoolKey<Resource> slow = register("slow");
            Future<?> stuck = callers.submit(() -> registry.lease(slow));
            await().until(() -> stateOf(slow) == PoolState.OPENING);
            try (PoolLease<Resource> lease = registry.lease(register("quick"))) {
                assertThat(lease.resource().use()).isEqualTo(1);
            }
            assertThat(stuck).isNotDone();
        }

        @Test
        void goesOnWhenACallerGivesUp() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("slow", (spec, context) -> go.await());
            PoolKey<Resource> key = register("slow");
            assertThatThrownBy(() -> registry.lease(key, Duration.ofMillis(10)))
                    .isInstanceOf(PoolTimeoutException.class)
                    .hasMessageContaining("[MemFuse/PoolOpening] fake://postgres@localhost:5432/slow: still opening");
            go.countDown();
            try (PoolLease<Resource> lease = registry.lease(key)) {
                assertThat(lease.resource().use()).isEqualTo(1);
            }
            assertThat(provider.attempts()).isEqualTo(1);
        }

        @Test
        void anInterruptedCallerKeepsItsInterruptAndTheOpeningGoesOn() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("slow", (spec, context) -> go.await());
            PoolKey<Resource> key = register("slow");
            var interrupted = new CompletableFuture<Boolean>();
            var caller = new Thread(() -> {
                Throwable failure = catchThrowable(() -> registry.lease(key));
                interrupted.complete(failure instanceof PoolInterruptedException
                        && Thread.currentThread().isInterrupted());
            });
            caller.start();
            await().until(() -> provider.attempts() == 1);
            caller.interrupt();
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
            go.countDown();
            registry.lease(key).close();
        }

        @Test
        void isRefusedFromInsideItself() {
            var nested = new CompletableFuture<Throwable>();
            PoolKey<Resource> key = register("self");
            provider.script("self", (spec, context) -> nested.complete(catchThrowable(() -> registry.lease(key))));
            registry.lease(key).close();
            assertThat(nested.join())
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("from inside its own opening");
        }

        @Test
        void isGivenToCallersThatMustNotBlock() {
            var go = new CountDownLatch(1);
            provider.script("slow", (spec, context) -> go.await());
            var late = new CompletableFuture<CompletableFuture<Resource>>();
            PoolRegistry other = PoolRegistry.builder()
                    .provider(new RouteProvider(late))
                    .threads(threads)
                    .ticker(time)
                    .build();
            PoolKey<Resource> key = other.register(FakePoolProvider.spec("slow"), Resource.class);
            assertThat(other.durable(key)).isNotNull();
            assertThat(late.join()).succeedsWithin(Duration.ofSeconds(10));
            go.countDown();
            other.close();
        }
    }

    /** Asks its route without blocking as soon as it is made durable. */
    private static final class RouteProvider extends DelegatingProvider {

        private final CompletableFuture<CompletableFuture<Resource>> asked;

        RouteProvider(CompletableFuture<CompletableFuture<Resource>> asked) {
            super(new FakePoolProvider());
            this.asked = asked;
        }

        @Override
        public Resource durable(io.memfuse.core.pool.PoolRoute<Resource> route) {
            asked.complete(route.whenOpen().toCompletableFuture());
            return super.durable(route);
        }
    }

    @Nested
    class Failing {

        private final IOException refused = new IOException("connection refused");

        private PoolKey<Resource> registerDead() {
            provider.script("dead", (spec, context) -> {
                throw PoolOpenException.attemptFailed(
                        context.key(), FailureKind.UNREACHABLE, "connection refused", Duration.ofMillis(7), refused);
            });
            return register("dead");
        }

        @Test
        void tellsTheCallerWhatWasTriedAndWhatToDo() {
            PoolKey<Resource> key = registerDead();
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOfSatisfying(PoolOpenException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
                        assertThat(failure.retryable()).isTrue();
                        assertThat(failure.key()).isSameAs(key);
                    })
                    .hasMessage("[MemFuse/PoolOpenFailed] fake://postgres@localhost:5432/dead: could not connect:"
                            + " connection refused (tried for 7 ms); check host and port, and that the server runs")
                    .hasRootCause(refused);
            assertThat(listener.events()).containsExactly("openFailed");
        }

        @Test
        void givesAllWhoWaitedTheSameFailureAndEachAStackOfItsOwn() throws Exception {
            var go = new CountDownLatch(1);
            PoolKey<Resource> key = register("dead");
            provider.script("dead", (spec, context) -> {
                go.await();
                throw refused;
            });
            List<Future<Throwable>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(callers.submit(() -> catchThrowable(() -> registry.lease(key))));
            }
            await().until(() -> stateOf(key) == PoolState.OPENING);
            go.countDown();
            List<Throwable> failures = new ArrayList<>();
            for (Future<Throwable> one : all) {
                failures.add(one.get());
            }
            assertThat(failures)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(PoolOpenException.class)
                            .hasRootCause(refused))
                    .doesNotHaveDuplicates();
            assertThat(provider.attempts()).isEqualTo(1);
        }

        @Test
        void failsFastUntilTheNextAttemptIsDue() {
            PoolKey<Resource> key = registerDead();
            assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
            time.advance(Duration.ofMillis(400));
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOfSatisfying(
                            PoolOpenException.class,
                            failure -> assertThat(failure.nextAttemptIn()).contains(Duration.ofMillis(600)))
                    .hasMessageContaining("not available: the last attempt to connect failed: connection refused;"
                            + " next attempt in 600 ms");
            assertThat(provider.attempts()).isEqualTo(1);
            assertThat(registry.snapshot(key).error())
                    .hasValueSatisfying(error -> assertThat(error).contains("connection refused"));
        }

        @Test
        void triesAgainOnceTheBackOffHasPassed() {
            PoolKey<Resource> key = registerDead();
            assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
            provider.heal("dead");
            time.advance(BACKOFF);
            registry.lease(key).close();
            assertThat(stateOf(key)).isEqualTo(PoolState.OPEN);
        }

        @Test
        void backsOffLongerWithEachFailureInARowUpToABound() {
            PoolKey<Resource> key = registerDead();
            for (int seconds : new int[] {1, 2, 4, 8, 8}) {
                assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
                int attempts = provider.attempts();
                time.advance(Duration.ofSeconds(seconds).minusNanos(1));
                assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
                assertThat(provider.attempts()).isEqualTo(attempts);
                time.advance(Duration.ofNanos(1));
            }
        }

        @Test
        void evictingAFailedPoolLetsItBeTriedAtOnce() {
            PoolKey<Resource> key = registerDead();
            assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
            provider.heal("dead");
            assertThat(registry.evict(key).toCompletableFuture().join()).isEmpty();
            registry.lease(key).close();
        }

        @ParameterizedTest
        @ValueSource(strings = {"checked", "unchecked", "error"})
        void takesWhateverAProviderThrows(String what) {
            PoolKey<Resource> key = register("broken");
            provider.script("broken", (spec, context) -> {
                switch (what) {
                    case "checked" -> throw new IOException("disk on fire");
                    case "unchecked" -> throw new IllegalStateException("disk on fire");
                    default -> throw new NoClassDefFoundError("disk on fire");
                }
            });
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOfSatisfying(
                            PoolOpenException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.OTHER))
                    .hasMessageContaining("disk on fire");
            assertThat(stateOf(key)).isEqualTo(PoolState.FAILED);
        }

        @Test
        void aBackOffBeyondWhatALongCanCountHarmsNobody() {
            PoolRegistry other = PoolRegistry.builder()
                    .provider(provider)
                    .threads(threads)
                    .ticker(time)
                    .backoff(BACKOFF, Duration.ofSeconds(Long.MAX_VALUE))
                    .build();
            provider.script("dead", (spec, context) -> {
                throw refused;
            });
            PoolKey<Resource> key = other.register(FakePoolProvider.spec("dead"), Resource.class);
            assertThatThrownBy(() -> other.lease(key)).isInstanceOf(PoolOpenException.class);
            other.close(Duration.ofSeconds(Long.MAX_VALUE));
        }

        @Test
        void evictingAnOpeningThatFailsLetsItBeTriedAtOnce() {
            var go = new CountDownLatch(1);
            provider.script("dead", (spec, context) -> {
                go.await();
                throw refused;
            });
            PoolKey<Resource> key = register("dead");
            registry.warmUp(key);
            await().until(() -> provider.attempts() == 1);
            CompletableFuture<Optional<DrainReport>> evicted =
                    registry.evict(key).toCompletableFuture();
            provider.heal("dead");
            go.countDown();
            assertThat(evicted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Optional.empty());
            registry.lease(key).close();
        }

        @Test
        void evictingAnOpeningThatNeverReturnsEndsInTime() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("stuck", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
            PoolKey<Resource> key = register("stuck");
            Future<?> caller = callers.submit(() -> registry.lease(key).close());
            await().until(() -> provider.attempts() == 1);
            CompletableFuture<?> evicted = registry.evict(key).toCompletableFuture();
            time.advance(FakePoolProvider.spec("stuck").limits().timeout());
            assertThat(evicted)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolTimeoutException.class)
                    .withMessageContaining("still opening");
            go.countDown();
            caller.get(10, TimeUnit.SECONDS);
            assertThat(provider.attempts()).isEqualTo(1);
        }

        @Test
        void takesAProviderThatReturnsNull() {
            PoolRegistry other = PoolRegistry.builder()
                    .provider(new NullProvider())
                    .threads(threads)
                    .build();
            PoolKey<Resource> key = other.register(FakePoolProvider.spec("none"), Resource.class);
            assertThatThrownBy(() -> other.lease(key))
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("the provider returned no pool");
            other.close();
        }
    }

    private static final class NullProvider extends DelegatingProvider {

        NullProvider() {
            super(new FakePoolProvider());
        }

        @Override
        @SuppressWarnings("NullAway") // what a provider without null checks may do
        public io.memfuse.core.pool.PoolHandle<Resource> open(PoolSpec spec, io.memfuse.core.pool.PoolContext context) {
            return null;
        }
    }

    @Nested
    class Leasing {

        @Test
        void closesNothingWhileALeaseIsHeld() {
            PoolKey<Resource> key = register("orders");
            PoolLease<Resource> lease = registry.lease(key);
            CompletableFuture<Optional<DrainReport>> evicted =
                    registry.evict(key).toCompletableFuture();
            assertThat(evicted).isNotDone();
            assertThat(lease.resource().use()).isEqualTo(1);
            assertThat(registry.snapshot().pools())
                    .extracting(PoolSnapshot::state)
                    .containsExactly(PoolState.REGISTERED, PoolState.DRAINING);
            lease.close();
            assertThat(evicted.join())
                    .hasValueSatisfying(report -> assertThat(report.drained()).isTrue());
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
            assertThat(registry.snapshot().pools()).hasSize(1);
        }

        @Test
        void closesAllTheSameWhenTheDrainTimeoutHasPassed() {
            PoolKey<Resource> key = register("orders");
            PoolLease<Resource> lease = registry.lease(key);
            CompletableFuture<Optional<DrainReport>> evicted =
                    registry.evict(key).toCompletableFuture();
            time.advance(Duration.ofSeconds(5));
            assertThat(evicted).succeedsWithin(Duration.ofSeconds(10));
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
            lease.close();
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        }

        @Test
        void opensANewPoolWhileTheOldOneDrains() {
            PoolKey<Resource> key = register("orders");
            Resource durable = registry.durable(key);
            PoolLease<Resource> old = registry.lease(key);
            registry.evict(key);
            assertThat(durable.use()).isEqualTo(2);
            assertThat(old.resource().use()).isEqualTo(1);
            assertThat(listener.events()).containsExactly("opened", "evicted", "opened");
            old.close();
        }

        @Test
        void aClosedLeaseGivesNoResource() {
            PoolLease<Resource> lease = registry.lease(register("orders"));
            lease.close();
            lease.close();
            assertThatThrownBy(lease::resource)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("given back");
            assertThat(registry.snapshot().pools().get(0).leases()).isZero();
        }

        @Test
        void peekLeasesWhatIsOpen() {
            PoolKey<Resource> key = register("orders");
            registry.lease(key).close();
            try (PoolLease<Resource> lease = registry.peek(key).orElseThrow()) {
                assertThat(lease.resource().use()).isEqualTo(1);
                assertThat(lease.key()).isSameAs(key);
            }
        }

        @Test
        void evictionRacesWithLeasesWithoutAnErrorToAnyCaller() throws Exception {
            PoolKey<Resource> key = register("orders");
            Resource durable = registry.durable(key);
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                all.add(callers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        try (PoolLease<Resource> lease = registry.lease(key)) {
                            assertThat(lease.resource().use()).isPositive();
                        }
                        assertThat(durable.use()).isPositive();
                    }
                    return null;
                }));
            }
            List<CompletableFuture<?>> drains = new ArrayList<>();
            while (!all.stream().allMatch(Future::isDone)) {
                drains.add(registry.evict(key).toCompletableFuture());
                Thread.onSpinWait();
            }
            for (Future<?> one : all) {
                one.get();
            }
            CompletableFuture.allOf(drains.toArray(CompletableFuture<?>[]::new)).get(10, TimeUnit.SECONDS);
            registry.close(Duration.ofSeconds(5));
            assertThat(provider.pools())
                    .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
        }
    }

    @Nested
    class Warming {

        @Test
        void opensAndFillsToTheMinimum() {
            PoolKey<Resource> key = register("orders");
            PoolStats stats = registry.warmUp(key).toCompletableFuture().join();
            assertThat(stats.total()).isEqualTo(5);
            assertThat(registry.snapshot(key).stats().total()).isEqualTo(5);
        }

        @Test
        void failsWithTheReasonOfTheOpening() {
            provider.script("dead", (spec, context) -> {
                throw new IOException("connection refused");
            });
            PoolKey<Resource> key = register("dead");
            assertThat(registry.warmUp(key))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolOpenException.class)
                    .withMessageContaining("connection refused");
        }

        @Test
        void hasADeadlineOfItsOwn() {
            provider.script("slow", (spec, context) -> new CountDownLatch(1).await());
            CompletableFuture<PoolStats> warm =
                    registry.warmUp(register("slow"), Duration.ofSeconds(3)).toCompletableFuture();
            time.advance(Duration.ofSeconds(2));
            assertThat(warm).isNotDone();
            time.advance(Duration.ofSeconds(1));
            assertThat(warm)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolTimeoutException.class)
                    .withMessageContaining("still opening after 3.0 s");
        }

        @Test
        void saysHowManyConnectionsThereAreWhenTheFillingIsSlow() {
            PoolKey<Resource> key = register("slow");
            registry.lease(key).close();
            provider.pools().get(0).scriptWarmUp((spec, context) -> new CountDownLatch(1).await());
            CompletableFuture<PoolStats> warm =
                    registry.warmUp(key, Duration.ofSeconds(3)).toCompletableFuture();
            time.advance(Duration.ofSeconds(3));
            assertThat(warm)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("not filled to its minimum after 3.0 s");
        }
    }

    @Nested
    class Closing {

        @Test
        void closesEveryPoolOnce() {
            registry.lease(register("a")).close();
            registry.lease(register("b")).close();
            assertThat(registry.close(Duration.ZERO))
                    .extracting(report -> report.key().database())
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(registry.close(Duration.ZERO)).hasSize(2);
            assertThat(provider.pools())
                    .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
        }

        @Test
        void refusesEveryoneAfterwards() {
            PoolKey<Resource> key = register("a");
            Resource durable = registry.durable(key);
            registry.close(Duration.ZERO);
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOf(PoolClosedException.class)
                    .hasMessageContaining("MemFuse is shut down");
            assertThatThrownBy(durable::use).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> register("b")).isInstanceOf(PoolClosedException.class);
            assertThat(registry.peek(key)).isEmpty();
            assertThat(stateOf(key)).isEqualTo(PoolState.CLOSED);
        }

        @Test
        void waitsForALeaseUpToTheDeadline() throws Exception {
            PoolKey<Resource> key = register("a");
            PoolLease<Resource> lease = registry.lease(key);
            Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(5)));
            await().until(() -> stateOf(key) == PoolState.CLOSED);
            assertThat(provider.pools().get(0).closes()).isZero();
            lease.close();
            assertThat(closing.get(10, TimeUnit.SECONDS)).hasSize(1);
        }

        @Test
        void closesWhatAnOpeningReturnsTooLate() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("slow", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
            PoolKey<Resource> key = register("slow");
            Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> registry.lease(key)));
            await().until(() -> provider.attempts() == 1);
            Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(5)));
            await().until(() -> stateOf(key) == PoolState.CLOSED);
            go.countDown();
            closing.get(10, TimeUnit.SECONDS);
            assertThat(caller.get()).isInstanceOf(PoolClosedException.class);
            assertThat(provider.pools())
                    .singleElement()
                    .satisfies(pool -> assertThat(pool.closes()).isEqualTo(1));
        }

        @Test
        void waitsForAPoolThatIsBeingEvictedByAnother() throws Exception {
            var evicting = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            PoolRegistry other = PoolRegistry.builder()
                    .provider(provider)
                    .threads(threads)
                    .ticker(time)
                    .listener(new io.memfuse.core.pool.PoolListener() {
                        @Override
                        public void evicted(PoolKey<?> key) {
                            evicting.countDown();
                            FakePoolProvider.awaitUninterruptibly(go);
                        }
                    })
                    .build();
            PoolKey<Resource> key = other.register(FakePoolProvider.spec("a"), Resource.class);
            other.lease(key).close();
            Future<?> evictor = callers.submit(() -> other.evict(key));
            evicting.await();
            Future<List<DrainReport>> closing = callers.submit(() -> other.close(Duration.ofSeconds(5)));
            await().until(() -> other.snapshot(key).state() == PoolState.CLOSED);
            assertThat(closing).isNotDone();
            go.countDown();
            evictor.get();
            assertThat(closing.get(10, TimeUnit.SECONDS)).hasSize(1);
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        }

        @Test
        void drainsTheOthersIfOneCannotBeDrained() {
            var first = new AtomicBoolean(true);
            var closers = new ThreadPoolExecutor(0, 10, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
                @Override
                public void execute(Runnable task) {
                    if (first.compareAndSet(true, false)) {
                        throw new InternalError("no closer");
                    }
                    super.execute(task);
                }
            };
            PoolRegistry other = PoolRegistry.builder()
                    .provider(provider)
                    .threads(new EngineThreads(
                            threads.scheduler(),
                            threads.callbacks(),
                            threads.openers(),
                            threads.workers(),
                            closers,
                            threads.loaders()))
                    .ticker(time)
                    .build();
            for (String database : List.of("a", "b", "c")) {
                other.lease(other.register(FakePoolProvider.spec(database), Resource.class))
                        .close();
            }
            callers.submit(() -> other.close(Duration.ZERO));
            await().untilAsserted(() -> assertThat(provider.pools())
                    .extracting(pool -> pool.closes())
                    .containsExactlyInAnyOrder(0, 1, 1));
            closers.shutdownNow();
        }

        @Test
        void worksAlsoWhenTheEngineEndedBefore() {
            PoolKey<Resource> key = register("a");
            PoolLease<Resource> lease = registry.lease(key);
            threads.close();
            assertThat(registry.close(Duration.ofSeconds(5))).hasSize(1);
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
            assertThat(registry.warmUp(key))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolClosedException.class);
            lease.close();
        }

        @Test
        void interruptsAnOpeningThatNobodyNeedsAnyMore() throws Exception {
            provider.script("slow", (spec, context) -> new CountDownLatch(1).await());
            PoolKey<Resource> key = register("slow");
            Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> registry.lease(key)));
            await().until(() -> provider.attempts() == 1);
            registry.close(Duration.ofSeconds(5));
            assertThat(caller.get(10, TimeUnit.SECONDS)).isInstanceOf(PoolClosedException.class);
            assertThat(provider.pools()).isEmpty();
        }

        @Test
        void waitsAMomentOnlyForAnOpeningThatDoesNotHeedTheInterrupt() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("stuck", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
            PoolKey<Resource> key = register("stuck");
            registry.warmUp(key);
            await().until(() -> provider.attempts() == 1);
            Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(30)));
            await().until(() -> stateOf(key) == PoolState.CLOSED);
            await().until(() -> {
                time.advance(Duration.ofSeconds(2));
                return closing.isDone();
            });
            go.countDown();
            await().until(() ->
                    provider.pools().size() == 1 && provider.pools().get(0).closes() == 1);
        }

        @Test
        void reportsOnlyPoolsThatWereReallyOpen() throws Exception {
            var go = new CountDownLatch(1);
            provider.script("late", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
            provider.script("never", (spec, context) -> new CountDownLatch(1).await());
            PoolKey<Resource> late = register("late");
            registry.warmUp(late);
            registry.warmUp(register("never"));
            registry.lease(register("open")).close();
            await().until(() -> provider.attempts() == 3);
            Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(5)));
            await().until(() -> stateOf(late) == PoolState.CLOSED);
            go.countDown();
            assertThat(closing.get(10, TimeUnit.SECONDS))
                    .extracting(report -> report.key().database())
                    .containsExactly("open");
            assertThat(listener.events()).containsOnlyOnce("closed");
        }

        @Test
        void anInterruptEndsTheWaitingNotTheClosing() throws Exception {
            PoolKey<Resource> key = register("a");
            PoolLease<Resource> lease = registry.lease(key);
            var closer = new Thread(() -> registry.close(Duration.ofSeconds(5)));
            closer.start();
            await().until(() -> stateOf(key) == PoolState.CLOSED);
            closer.interrupt();
            closer.join(10_000);
            assertThat(closer.isAlive()).isFalse();
            lease.close();
            await().until(() -> provider.pools().get(0).closes() == 1);
        }

        @Test
        void endsTheThreadsItMade() {
            PoolRegistry own = PoolRegistry.builder().provider(provider).build();
            own.lease(own.register(FakePoolProvider.spec("own"), Resource.class))
                    .close();
            own.close();
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("memfuse-")));
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        PoolRegistry other = PoolRegistry.builder()
                .provider(provider)
                .threads(threads)
                .listener(new io.memfuse.core.pool.PoolListener() {
                    @Override
                    public void opened(PoolKey<?> key, long tookNanos) {
                        throw new IllegalStateException("the listener's own failure");
                    }
                })
                .build();
        other.lease(other.register(FakePoolProvider.spec("x"), Resource.class)).close();
        other.close();
    }

    @Test
    void snapshotsShowWhatTheLockWentThrough() {
        register("a");
        register("b");
        assertThat(registry.snapshot().pools())
                .extracting(pool -> pool.key().database())
                .containsExactly("a", "b");
        assertThat(registry.lockMetrics().reads()).isEqualTo(3);
    }
}
