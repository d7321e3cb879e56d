package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool is opened and filled before it is asked for. */
@Timeout(60)
class WarmingTest extends RegistryFixture {

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
