package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pool was asked for and has not answered when the registry is closed, and the timers end with it. */
@Timeout(60)
class EndingTest {

    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry =
            PoolRegistry.builder().provider(provider).build();
    private final PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders"), Resource.class);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    @BeforeEach
    void open() {
        registry.lease(key).close();
    }

    @AfterEach
    void end() {
        answer.countDown();
        registry.close();
    }

    private Pool pool() {
        return provider.pools().get(0);
    }

    private void hang() {
        asked.countDown();
        FakePoolProvider.awaitUninterruptibly(answer);
    }

    private void assertIsToldThatAllIsClosed(CompletableFuture<?> asking) {
        FakePoolProvider.awaitUninterruptibly(asked);
        registry.close(Duration.ZERO); // Who fills a pool has a lease of it, which would be waited for.
        assertThat(asking)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(PoolClosedException.class);
    }

    @Test
    void whoWaitsForAProbeIsToldThatAllIsClosed() {
        pool().scriptProbe((spec, context) -> hang());
        assertIsToldThatAllIsClosed(registry.probe(key, Duration.ofMinutes(1)).toCompletableFuture());
    }

    @Test
    void whoWaitsForOtherSizesIsToldThatAllIsClosed() {
        pool().scriptResize((min, max) -> hang());
        assertIsToldThatAllIsClosed(registry.resize(key, 1, 2).toCompletableFuture());
    }

    @Test
    void whoWaitsForOtherConnectionsIsToldThatAllIsClosed() {
        pool().scriptSoftEvict(this::hang);
        assertIsToldThatAllIsClosed(registry.softEvict(key).toCompletableFuture());
    }

    @Test
    void whoWaitsForAFillingIsToldThatAllIsClosed() {
        pool().scriptWarmUp((spec, context) -> hang());
        assertIsToldThatAllIsClosed(registry.warmUp(key).toCompletableFuture());
    }
}
