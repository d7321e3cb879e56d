package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is closed while it is leased. */
@Timeout(60)
class LeasingTest extends RegistryFixture {

    @Test
    void closesNothingWhileALeaseIsHeld() {
        PoolKey<Resource> key = register("orders");
        PoolLease<Resource> lease = registry.lease(key);
        CompletableFuture<Optional<DrainReport>> evicted = registry.evict(key).toCompletableFuture();
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
        CompletableFuture<Optional<DrainReport>> evicted = registry.evict(key).toCompletableFuture();
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
