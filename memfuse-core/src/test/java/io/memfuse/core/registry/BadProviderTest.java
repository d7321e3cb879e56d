package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider that does what it must not: its callers are told, and nothing is left behind. */
@Timeout(60)
class BadProviderTest extends RegistryFixture {

    /** Fails again when it is asked what went wrong. */
    private static final class MuteException extends IOException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("mute");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("mute");
        }
    }

    @Nested
    class ThatFailsTwice {

        @Test
        void withAnExceptionWithoutWords() {
            provider.script("x", (spec, context) -> {
                throw new MuteException();
            });
            PoolKey<Resource> key = register("x");
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("could not connect: " + MuteException.class.getName());
            assertThat(stateOf(key)).isEqualTo(PoolState.FAILED);
        }

        @Test
        void withHalfAPoolThatCannotBeClosedEither() {
            provider.scriptPools(pool -> {
                pool.failResource(new IllegalStateException("no resource"));
                pool.failClose(new MuteException());
            });
            PoolKey<Resource> key = register("x");
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("no resource");
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1);
        }

        @Test
        void withABackOffThatFails() {
            PoolRegistry other = builder()
                    .random(() -> {
                        throw new IllegalStateException("no chance");
                    })
                    .build();
            provider.script("x", (spec, context) -> {
                throw new IOException("refused");
            });
            PoolKey<Resource> key = other.register(FakePoolProvider.spec("x"), Resource.class);
            assertThatThrownBy(() -> other.lease(key)).hasMessageContaining("refused");
            provider.heal("x");
            assertThatThrownBy(() -> other.lease(key)).hasMessageContaining("next attempt in 1.0 s");
            time.advance(Duration.ofSeconds(1));
            other.lease(key).close();
            other.close();
        }
    }

    @Nested
    class WhosePool {

        private final PoolKey<Resource> key = register("x");

        private FakePoolProvider.Pool open() {
            registry.lease(key).close();
            return provider.pools().get(0);
        }

        @Test
        void cannotBeClosedIsReportedAllTheSame() {
            open().failClose(new MuteException());
            assertThat(future(registry.evict(key)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(report -> assertThat(report).isPresent());
            assertThat(registry.snapshot().pools())
                    .extracting(PoolSnapshot::state)
                    .containsExactly(PoolState.REGISTERED);
            assertThat(listener.events()).containsExactly("opened", "evicted", "closed");
        }

        @Test
        void cannotTellItsNumbersIsShownWithoutThem() {
            open().failStats(new MuteException());
            assertThat(registry.snapshot(key).stats()).isEqualTo(PoolStats.NONE);
        }

        @Test
        void cannotBeFilledFailsTheWarmUpAndServes() {
            open().scriptWarmUp((spec, context) -> {
                throw new MuteException();
            });
            assertThat(future(registry.warmUp(key)))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolOpenException.class);
            registry.lease(key).close();
        }

        @Test
        void hasNoResourceIsClosedAndCountsAsAFailure() {
            provider.scriptPools(pool -> pool.failResource(null));
            assertThatThrownBy(() -> registry.lease(key))
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("the provider's pool has no resource");
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1);
        }
    }

    @Nested
    class ThatNeverReturns {

        private final CountDownLatch never = holdUp("stuck");
        private final PoolKey<Resource> key = register("stuck");

        @Test
        void costsItsCallersTheirDeadlineAndHoldsUpNobodyElse() {
            assertThatThrownBy(() -> registry.lease(key, Duration.ofMillis(5)))
                    .isInstanceOf(PoolTimeoutException.class);
            assertThatThrownBy(() -> registry.lease(key, Duration.ofMillis(5)))
                    .isInstanceOf(PoolTimeoutException.class);
            assertThat(provider.attempts()).isEqualTo(1);
            registry.lease(register("quick")).close();
            never.countDown();
        }

        @Test
        void isNotWaitedForByThoseWhoAreToldThatAllIsClosed() throws Exception {
            Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> registry.lease(key)));
            await().until(() -> provider.attempts() == 1);
            Future<?> closing = callers.submit(() -> registry.close(DRAIN_TIMEOUT));
            assertThat(caller.get(10, TimeUnit.SECONDS)).isInstanceOf(PoolClosedException.class);
            assertThat(closing).isNotDone();
            await().until(() -> {
                time.advance(Duration.ofSeconds(2));
                return closing.isDone();
            });
            never.countDown();
            await().untilAsserted(() -> assertThat(provider.pools())
                    .extracting(pool -> pool.closes())
                    .containsExactly(1));
            assertThat(listener.events()).isEmpty();
        }
    }

    @Nested
    class ThatAsksForThePoolThatItOpens {

        private final CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        private final PoolKey<Resource> key = register("self");
        private final Resource durable = registry.durable(key);

        private void assertRefused() {
            registry.lease(key).close();
            assertThat(refusal.join())
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("from inside its own opening");
        }

        @Test
        void throughTheDurableResource() {
            provider.script("self", (spec, context) -> refusal.complete(catchThrowable(durable::use)));
            assertRefused();
        }

        @Test
        void byWarmingIt() {
            provider.script(
                    "self",
                    (spec, context) ->
                            future(registry.warmUp(key)).whenComplete((stats, failure) -> refusal.complete(failure)));
            assertRefused();
        }

        @Test
        void withoutBlocking() {
            var asked = new CompletableFuture<io.memfuse.core.pool.PoolRoute<Resource>>();
            PoolRegistry other = PoolRegistry.builder()
                    .provider(new DelegatingProvider(provider) {
                        @Override
                        public Resource durable(io.memfuse.core.pool.PoolRoute<Resource> route) {
                            asked.complete(route);
                            return super.durable(route);
                        }
                    })
                    .threads(threads)
                    .ticker(time)
                    .build();
            PoolKey<Resource> mine = other.register(FakePoolProvider.spec("self"), Resource.class);
            Resource ownDurable = other.durable(mine);
            provider.script(
                    "self",
                    (spec, context) -> future(asked.join().whenOpen())
                            .whenComplete((resource, failure) -> refusal.complete(failure)));
            assertThat(ownDurable.use()).isPositive();
            assertThat(refusal.join()).isInstanceOf(PoolConfigurationException.class);
            other.close();
        }

        @Test
        void onAnotherThreadIsACallerLikeAnyOther() {
            provider.script("self", (spec, context) -> {
                Future<Throwable> other =
                        callers.submit(() -> catchThrowable(() -> registry.lease(key, Duration.ofMillis(5))));
                refusal.complete(other.get());
            });
            registry.lease(key).close();
            assertThat(refusal.join()).isInstanceOf(PoolTimeoutException.class);
        }
    }

    @Nested
    class AfterTheBackOff {

        @Test
        void oneProbeIsMadeForAnyNumberOfCallers() throws Exception {
            provider.script("dead", (spec, context) -> {
                throw new IOException("refused");
            });
            PoolKey<Resource> key = register("dead");
            assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
            time.advance(Duration.ofSeconds(1));
            CountDownLatch go = holdUp("dead");
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(callers.submit(() -> {
                    try (PoolLease<Resource> lease = registry.lease(key)) {
                        return lease.resource().use();
                    }
                }));
            }
            await().until(() -> provider.attempts() == 2);
            go.countDown();
            for (Future<Integer> one : all) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            }
            assertThat(provider.attempts()).isEqualTo(2);
        }
    }
}
