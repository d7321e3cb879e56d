package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolRegistryTest extends RegistryFixture {

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
