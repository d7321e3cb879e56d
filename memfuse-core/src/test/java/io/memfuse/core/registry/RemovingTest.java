package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that is not to be known any more. */
@Timeout(60)
class RemovingTest extends RegistryFixture {

    private final PoolKey<Resource> key = register("orders");
    private final Resource durable = registry.durable(key);

    @Test
    void drainsThePoolAndForgetsTheKey() {
        PoolLease<Resource> lease = registry.lease(key);
        CompletableFuture<Optional<DrainReport>> removed = future(registry.remove(key));
        assertThat(removed).isNotDone();
        assertThat(registry.snapshot().pools()).extracting(PoolSnapshot::state).containsExactly(PoolState.DRAINING);
        lease.close();
        assertThat(removed)
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(report -> assertThat(report).isPresent());
        assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1);
        assertThat(registry.snapshot().pools()).isEmpty();
        assertThatThrownBy(() -> registry.lease(key))
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("not registered");
        assertThatThrownBy(() -> registry.remove(key)).isInstanceOf(PoolConfigurationException.class);
    }

    @Test
    void refusesWhoStillHoldsTheDurableResourceAndSaysWhy() {
        durable.use();
        registry.remove(key);
        assertThatThrownBy(durable::use)
                .isInstanceOfSatisfying(
                        PoolClosedException.class,
                        e -> assertThat(e.retryable()).isFalse())
                .hasMessage("[MemFuse/PoolClosed] fake://postgres@localhost:5432/orders: this database was removed from"
                        + " MemFuse; register it to use it again");
    }

    @Test
    void letsItBeRegisteredAnew() {
        durable.use();
        registry.remove(key);
        PoolKey<Resource> again = register("orders");
        assertThat(registry.durable(again).use()).isEqualTo(2);
        assertThatThrownBy(durable::use).isInstanceOf(PoolClosedException.class);
    }

    @Test
    void answersWhoWaitsForTheOpeningAndClosesWhatItOpens() throws Exception {
        CountDownLatch go = holdUp("orders");
        Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> registry.lease(key)));
        await().until(() -> provider.attempts() == 1);
        CompletableFuture<Optional<DrainReport>> removed = future(registry.remove(key));
        assertThat(caller.get(10, TimeUnit.SECONDS)).isInstanceOf(PoolClosedException.class);
        assertThat(removed).isNotDone();
        go.countDown();
        assertThat(removed).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Optional.empty());
        assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1);
        assertThat(listener.events()).isEmpty();
    }

    @Test
    void closingTheRegistryWaitsForItToo() throws Exception {
        PoolLease<Resource> lease = registry.lease(key);
        registry.remove(key);
        Future<List<DrainReport>> closing = callers.submit(() -> registry.close(DRAIN_TIMEOUT));
        await().until(() -> catchThrowable(() -> register("other")) instanceof PoolClosedException);
        assertThat(closing).isNotDone();
        lease.close();
        assertThat(closing.get(10, TimeUnit.SECONDS)).hasSize(1);
    }
}
