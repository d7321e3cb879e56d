package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other settings for a database in use. */
@Timeout(60)
class ReplacingTest extends RegistryFixture {

    private final PoolSpec newSpec = FakePoolProvider.spec("orders", 3, 7);
    private final PoolKey<Resource> key = register("orders");
    private final Resource durable = registry.durable(key);

    private CompletableFuture<Optional<DrainReport>> replace(PoolSpec spec) {
        return future(registry.replace(key, spec));
    }

    private void failOpenings() {
        provider.script("orders", (spec, context) -> {
            throw new IOException("password authentication failed");
        });
    }

    private PoolSpec registeredSpec() {
        // Registering an equal spec again is accepted, any other is refused.
        return catchThrowable(() -> registry.register(newSpec, Resource.class)) == null
                ? newSpec
                : FakePoolProvider.spec("orders");
    }

    @Nested
    class AnOpenPool {

        @Test
        void givesWayToOneWithTheNewSettings() {
            assertThat(durable.use()).isEqualTo(1);
            assertThat(replace(newSpec))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(report -> assertThat(report)
                            .hasValueSatisfying(
                                    drained -> assertThat(drained.drained()).isTrue()));
            assertThat(durable.use()).isEqualTo(2);
            assertThat(provider.pools())
                    .extracting(pool -> pool.spec())
                    .containsExactly(FakePoolProvider.spec("orders"), newSpec);
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 0);
            assertThat(listener.events()).containsExactly("opened", "opened", "evicted", "closed");
            assertThat(registeredSpec()).isEqualTo(newSpec);
        }

        @Test
        void servesUntilTheNewOneIsFilled() throws Exception {
            durable.use();
            var filling = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            provider.scriptWarmUps((spec, context) -> {
                filling.countDown();
                FakePoolProvider.awaitUninterruptibly(go);
            });
            CompletableFuture<?> replaced = replace(newSpec);
            assertThat(filling.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(durable.use()).isEqualTo(1);
            registry.lease(key).close();
            assertThat(stateOf(key)).isEqualTo(PoolState.OPEN);
            go.countDown();
            assertThat(replaced).succeedsWithin(Duration.ofSeconds(10));
            assertThat(durable.use()).isEqualTo(2);
            assertThat(registry.snapshot(key).stats().total()).isEqualTo(3);
        }

        /** What a caller does when it is told must not keep the old pool, and its connections, open. */
        @Test
        void isDrainedWhateverThoseDoWhoWaitForTheSameReplacement() throws Exception {
            durable.use();
            CountDownLatch go = holdUp("orders");
            CompletableFuture<?> first = replace(newSpec);
            var told = new CountDownLatch(1);
            var over = new CountDownLatch(1);
            replace(newSpec).thenRun(() -> {
                told.countDown();
                FakePoolProvider.awaitUninterruptibly(over);
            });
            go.countDown();
            try {
                assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(first).succeedsWithin(Duration.ofSeconds(3));
                assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 0);
            } finally {
                over.countDown();
            }
        }

        @Test
        void isNotClosedWhileALeaseIsHeld() {
            PoolLease<Resource> lease = registry.lease(key);
            CompletableFuture<?> replaced = replace(newSpec);
            await().until(() -> durable.use() == 2);
            assertThat(replaced).isNotDone();
            assertThat(lease.resource().use()).isEqualTo(1);
            lease.close();
            assertThat(replaced).succeedsWithin(Duration.ofSeconds(10));
        }

        @Test
        void staysIfTheNewOneCannotBeOpened() {
            durable.use();
            failOpenings();
            assertThat(replace(newSpec))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolOpenException.class)
                    .withMessageContaining("password authentication failed");
            assertThat(durable.use()).isEqualTo(1);
            assertThat(stateOf(key)).isEqualTo(PoolState.OPEN);
            assertThat(provider.pools().get(0).closes()).isZero();
            assertThat(registeredSpec()).isNotEqualTo(newSpec);
            assertThat(listener.events()).containsExactly("opened", "openFailed");
        }

        @Test
        void givesWayAlsoToOneThatCannotBeFilled() {
            durable.use();
            provider.scriptWarmUps((spec, context) -> {
                throw new IllegalStateException("too many clients already");
            });
            assertThat(replace(newSpec)).succeedsWithin(Duration.ofSeconds(10));
            assertThat(durable.use()).isEqualTo(2);
        }

        @Test
        void staysIfTheSettingsAreTheSame() {
            durable.use();
            assertThat(replace(FakePoolProvider.spec("orders")))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(Optional.empty());
            assertThat(durable.use()).isEqualTo(1);
        }
    }

    @Nested
    class AnEvictionMeanwhile {

        private final CountDownLatch go = new CountDownLatch(1);
        private final CompletableFuture<Optional<DrainReport>> replaced;
        private volatile boolean fails;

        AnEvictionMeanwhile() {
            durable.use();
            provider.script("orders", (spec, context) -> {
                go.await();
                if (fails) {
                    throw new IOException("password authentication failed");
                }
            });
            replaced = replace(newSpec);
            await().until(() -> provider.attempts() == 2);
            assertThat(future(registry.evict(key))).succeedsWithin(Duration.ofSeconds(10));
        }

        @Test
        void letsCallersJoinTheOpeningOfTheNewOne() throws Exception {
            Future<Integer> caller = callers.submit(durable::use);
            assertThat(stateOf(key)).isEqualTo(PoolState.OPENING);
            go.countDown();
            assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(replaced).succeedsWithin(Duration.ofSeconds(10));
            assertThat(provider.attempts()).isEqualTo(2);
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 0);
        }

        @Test
        void goesBackToTheFormerSettingsIfTheNewOneCannotBeOpened() {
            fails = true;
            go.countDown();
            assertThat(replaced).failsWithin(Duration.ofSeconds(10));
            assertThat(stateOf(key)).isEqualTo(PoolState.REGISTERED);
            provider.heal("orders");
            assertThat(durable.use()).isEqualTo(2);
            assertThat(provider.pools().get(1).spec()).isEqualTo(FakePoolProvider.spec("orders"));
        }
    }

    @Nested
    class NothingOpen {

        @Test
        void changesTheSettingsOnly() {
            assertThat(replace(newSpec)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Optional.empty());
            assertThat(provider.attempts()).isZero();
            durable.use();
            assertThat(provider.pools().get(0).spec()).isEqualTo(newSpec);
        }

        @Test
        void letsAFailedPoolBeTriedAtOnce() {
            failOpenings();
            assertThatThrownBy(durable::use).isInstanceOf(PoolOpenException.class);
            provider.heal("orders");
            PoolSpec rotated = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                    .password(Secret.of("rotated"))
                    .build();
            assertThat(replace(rotated)).succeedsWithin(Duration.ofSeconds(10));
            assertThat(durable.use()).isEqualTo(1);
            assertThat(provider.pools().get(0).spec()).isEqualTo(rotated);
        }

        @Test
        void leavesTheBackOffAloneIfTheSettingsAreTheSame() {
            failOpenings();
            assertThatThrownBy(durable::use).isInstanceOf(PoolOpenException.class);
            assertThat(replace(FakePoolProvider.spec("orders"))).succeedsWithin(Duration.ofSeconds(10));
            assertThat(stateOf(key)).isEqualTo(PoolState.FAILED);
        }
    }

    @Nested
    class AnAttemptUnderWay {

        @Test
        void isWaitedFor() throws Exception {
            CountDownLatch go = holdUp("orders");
            Future<Integer> caller = callers.submit(durable::use);
            await().until(() -> provider.attempts() == 1);
            CompletableFuture<?> replaced = replace(newSpec);
            assertThat(provider.attempts()).isEqualTo(1);
            go.countDown();
            assertThat(replaced).succeedsWithin(Duration.ofSeconds(10));
            assertThat(caller.get(10, TimeUnit.SECONDS)).isPositive();
            assertThat(durable.use()).isEqualTo(2);
        }

        @Test
        void isWaitedForWithinTheTimeoutOnly() {
            CountDownLatch go = holdUp("orders");
            registry.warmUp(key, Duration.ofDays(1));
            await().until(() -> provider.attempts() == 1);
            CompletableFuture<?> replaced = replace(newSpec);
            time.advance(newSpec.limits().timeout());
            assertThat(replaced)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolTimeoutException.class);
            go.countDown();
            await().until(() -> stateOf(key) == PoolState.OPEN);
            assertThat(registeredSpec()).isNotEqualTo(newSpec);
        }

        @Test
        void isNeverOneOfTwo() {
            var open = new AtomicInteger();
            var most = new AtomicInteger();
            provider.script("orders", (spec, context) -> {
                most.accumulateAndGet(open.incrementAndGet(), Math::max);
                open.decrementAndGet();
            });
            durable.use();
            List<CompletableFuture<?>> all = java.util.stream.IntStream.rangeClosed(1, 10)
                    .<CompletableFuture<?>>mapToObj(size -> replace(FakePoolProvider.spec("orders", 0, size)))
                    .toList();
            assertThat(all).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(10)));
            assertThat(most).hasValue(1);
            registry.close(Duration.ZERO);
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsOnly(1);
        }
    }

    @Nested
    class AtTheEnd {

        @Test
        void closingTheRegistryFailsTheReplacementAndClosesBothPools() throws Exception {
            durable.use();
            CountDownLatch go = holdUp("orders");
            CompletableFuture<?> replaced = replace(newSpec);
            await().until(() -> provider.attempts() == 2);
            Future<List<DrainReport>> closing = callers.submit(() -> registry.close(DRAIN_TIMEOUT));
            assertThat(replaced)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolClosedException.class);
            go.countDown();
            assertThat(closing.get(10, TimeUnit.SECONDS)).hasSize(1);
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 1);
        }

        @Test
        void closingTheRegistryEndsAFillingToo() throws Exception {
            durable.use();
            var filling = new CountDownLatch(1);
            provider.scriptWarmUps((spec, context) -> {
                filling.countDown();
                new CountDownLatch(1).await();
            });
            replace(newSpec);
            filling.await();
            registry.close(DRAIN_TIMEOUT);
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 1);
        }

        @Test
        void aClosedRegistryReplacesNothing() {
            registry.close(Duration.ZERO);
            assertThat(replace(newSpec))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolClosedException.class);
        }

        @Test
        void anotherDatabaseIsRefused() {
            assertThatThrownBy(() -> registry.replace(key, FakePoolProvider.spec("customers")))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("which is another database");
        }
    }
}
