package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However an opening ends, it counts no more loans after that. */
class EndOfLoansTest {

    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry =
            PoolRegistry.builder().provider(provider).build();
    private final PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders"), Resource.class);
    private final AtomicReference<PoolContext> opening = new AtomicReference<>();

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    private LoanCounter loans() {
        return Objects.requireNonNull(opening.get()).loans();
    }

    @Test
    void comesWithTheClosingOfThePool() {
        registry.durable(key).use();
        FakePoolProvider.Pool pool = provider.pools().get(0);
        pool.lend(3);
        assertThat(pool.context().loans().hasEnded()).isFalse();

        registry.evict(key).toCompletableFuture().join();

        assertThat(pool.context().loans().hasEnded()).isTrue();
        assertThat(pool.context().loans().known()).isEqualTo(3);
    }

    @Test
    void comesThoughThePoolFailsAsItIsClosed() {
        registry.durable(key).use();
        FakePoolProvider.Pool pool = provider.pools().get(0);
        pool.failClose(new IllegalStateException("thrown on purpose"));

        registry.evict(key).toCompletableFuture().join();

        assertThat(pool.context().loans().hasEnded()).isTrue();
    }

    @Test
    void comesWithAnOpeningThatFails() {
        provider.script("orders", (spec, context) -> {
            opening.set(context);
            throw new IllegalStateException("thrown on purpose");
        });
        assertThatThrownBy(() -> registry.durable(key).use()).isInstanceOf(PoolOpenException.class);
        assertThat(loans().hasEnded()).isTrue();
    }

    @Test
    void comesWithAPoolThatHasNoResource() {
        provider.scriptPools(pool -> {
            opening.set(pool.context());
            pool.failResource(new IllegalStateException("thrown on purpose"));
        });
        assertThatThrownBy(() -> registry.durable(key).use()).isInstanceOf(PoolOpenException.class);
        assertThat(loans().hasEnded()).isTrue();
    }

    @Test
    void comesWithAnOpeningThatSucceedsWhenNobodyNeedsItAnyMore() {
        var removed = new CountDownLatch(1);
        provider.script("orders", (spec, context) -> {
            opening.set(context);
            FakePoolProvider.awaitUninterruptibly(removed);
        });
        registry.warmUp(key);
        await().until(() -> opening.get() != null);
        registry.remove(key);
        assertThat(loans().hasEnded()).isFalse();

        removed.countDown();

        await().until(() -> loans().hasEnded());
    }
}
