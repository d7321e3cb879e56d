package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools that are let go on demand: one if nobody uses it, or all. */
@Timeout(60)
class EvictingTest extends RegistryFixture {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final PoolKey<Resource> key = register("orders");
    private final Resource durable = registry.durable(key);

    private FakePoolProvider.Pool pool(int number) {
        return provider.pools().get(number - 1);
    }

    @Nested
    class IfNobodyUsesIt {

        private CompletableFuture<Optional<DrainReport>> evictIfUnused() {
            return future(registry.evictIfUnused(key));
        }

        @Test
        void thePoolIsClosedAndTheNextCallerOpensAnother() {
            durable.use();
            assertThat(evictIfUnused())
                    .succeedsWithin(SOON)
                    .satisfies(report -> assertThat(report)
                            .hasValueSatisfying(
                                    drained -> assertThat(drained.drained()).isTrue()));
            assertThat(pool(1).closes()).isEqualTo(1);
            assertThat(durable.use()).isEqualTo(2);
        }

        @Test
        void aPoolOfWhichALeaseIsHeldIsLeftAlone() {
            PoolLease<Resource> lease = registry.lease(key);
            assertLeftAlone();
            lease.close();
            assertThat(evictIfUnused().join()).isPresent();
        }

        @Test
        void aPoolOfWhichAConnectionIsHeldIsLeftAlone() {
            durable.use();
            pool(1).borrow(1);
            assertLeftAlone();
            pool(1).borrow(-1);
            assertThat(evictIfUnused().join()).isPresent();
        }

        @Test
        void aPoolThatDoesNotTellItsNumbersMayBeInUse() {
            durable.use();
            var answer = new CountDownLatch(1);
            pool(1).beforeStats(() -> FakePoolProvider.awaitUninterruptibly(answer));
            assertLeftAlone();
            answer.countDown();
        }

        @Test
        void aPinnedPoolGoesToo() {
            durable.use();
            registry.pin(key);
            assertThat(evictIfUnused().join()).isPresent();
        }

        @Test
        void nothingIsOpened() {
            assertThat(evictIfUnused()).succeedsWithin(SOON).isEqualTo(Optional.empty());
            assertThat(provider.attempts()).isZero();
        }

        @Test
        void anOpeningGoesOn() {
            CountDownLatch go = holdUp("orders");
            var warm = future(registry.warmUp(key));
            assertThat(evictIfUnused()).succeedsWithin(SOON).isEqualTo(Optional.empty());
            go.countDown();
            assertThat(warm).succeedsWithin(SOON);
        }

        @Test
        void aDatabaseThatIsNotRegisteredIsRefused() {
            registry.remove(key);
            assertThatThrownBy(this::evictIfUnused).isInstanceOf(PoolConfigurationException.class);
        }

        private void assertLeftAlone() {
            assertThat(evictIfUnused()).succeedsWithin(SOON).isEqualTo(Optional.empty());
            assertThat(stateOf(key)).isEqualTo(PoolState.OPEN);
            assertThat(pool(1).closes()).isZero();
            assertThat(durable.use()).isEqualTo(1);
        }
    }

    @Nested
    class All {

        private CompletableFuture<List<DrainReport>> evictAll() {
            return future(registry.evictAll());
        }

        @Test
        void poolsAreClosedAndReported() {
            Resource other = registry.durable(register("users"));
            register("never used");
            durable.use();
            other.use();
            assertThat(evictAll())
                    .succeedsWithin(SOON)
                    .satisfies(reports -> assertThat(reports)
                            .extracting(report -> report.key().database())
                            .containsExactlyInAnyOrder("orders", "users"));
            assertThat(provider.pools()).allMatch(pool -> pool.closes() == 1);
            assertThat(durable.use() + other.use()).isEqualTo(3 + 4);
        }

        @Test
        void whatIsInUseDrainsFirst() {
            PoolLease<Resource> lease = registry.lease(key);
            CompletableFuture<List<DrainReport>> evicted = evictAll();
            assertThat(durable.use()).isEqualTo(2);
            assertThat(evicted).isNotDone();
            lease.close();
            assertThat(evicted)
                    .succeedsWithin(SOON)
                    .satisfies(reports -> assertThat(reports).hasSize(1));
        }

        @Test
        void oneThatIsBeingOpenedForTooLongKeepsNoOtherFromBeingClosed() {
            CountDownLatch go = holdUp("silent");
            registry.warmUp(register("silent"));
            durable.use();
            CompletableFuture<List<DrainReport>> evicted = evictAll();
            assertThat(evicted).isNotDone();
            time.advance(Duration.ofSeconds(60));
            assertThat(evicted).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(PoolTimeoutException.class);
            assertThat(pool(1).closes()).isEqualTo(1);
            go.countDown();
        }
    }
}
