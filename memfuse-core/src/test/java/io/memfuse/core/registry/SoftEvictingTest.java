package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other connections for a pool that serves. */
@Timeout(60)
class SoftEvictingTest extends RegistryFixture {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final PoolKey<Resource> key = register("orders");
    private final Resource durable = registry.durable(key);

    private CompletableFuture<?> softEvict() {
        return future(registry.softEvict(key));
    }

    @Test
    void theOpenPoolIsToldAndGoesOn() {
        durable.use();
        var told = new AtomicInteger();
        provider.pools().get(0).scriptSoftEvict(told::incrementAndGet);
        assertThat(softEvict()).succeedsWithin(SOON);
        assertThat(told).hasValue(1);
        assertThat(durable.use()).isEqualTo(1);
    }

    @Test
    void aPoolThatIsNotOpenStaysSo() {
        assertThat(softEvict()).succeedsWithin(SOON);
        assertThat(provider.attempts()).isZero();
    }

    @Test
    void aRefusalNamesThePool() {
        durable.use();
        provider.pools().get(0).scriptSoftEvict(() -> {
            throw new IllegalStateException("not now");
        });
        assertThatThrownBy(() -> softEvict().join())
                .hasCauseInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("not now");
    }

    @Test
    void aPoolThatDoesNotAnswerCostsTheCallerThePoolsTimeout() {
        durable.use();
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        provider.pools().get(0).scriptSoftEvict(() -> {
            asked.countDown();
            FakePoolProvider.awaitUninterruptibly(answer);
        });
        CompletableFuture<?> told = softEvict();
        FakePoolProvider.awaitUninterruptibly(asked);
        time.advance(registry.spec(key).limits().timeout());
        assertThat(told)
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PoolConfigurationException.class)
                .withMessageContaining("has not begun to replace its connections after 1 min 0 s");
        answer.countDown();
    }
}
