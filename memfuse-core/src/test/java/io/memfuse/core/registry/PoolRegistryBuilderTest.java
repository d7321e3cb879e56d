package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolRegistryBuilderTest {

    private final ManualTime time = new ManualTime();
    private final FakePoolProvider provider = new FakePoolProvider();

    private PoolRegistryBuilder builder() {
        return PoolRegistry.builder().threads(TestThreads.onCaller(time)).ticker(time);
    }

    private Duration pauseAfterAFailure(PoolRegistry registry, String database) {
        provider.script(database, (spec, context) -> {
            throw new IOException("refused");
        });
        PoolKey<Resource> key = registry.register(FakePoolProvider.spec(database), Resource.class);
        assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
        PoolOpenException backingOff = (PoolOpenException) catchThrowable(() -> registry.lease(key));
        return backingOff.nextAttemptIn().orElseThrow();
    }

    private void assertOpens(PoolRegistryBuilder builder) {
        try (PoolRegistry registry = builder.build()) {
            registry.lease(registry.register(FakePoolProvider.spec("orders"), Resource.class))
                    .close();
        }
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void takesProvidersAllTogether() {
        assertOpens(builder().providers(List.of(provider)));
    }

    @Test
    void takesTheSameProviderOnceMore() {
        assertOpens(builder().provider(provider).provider(provider));
    }

    @Test
    void backsOffByHalfASecondUnlessSetAndNeverTwiceTheSame() {
        Set<Duration> pauses = new HashSet<>();
        try (PoolRegistry registry = builder().provider(provider).build()) {
            for (int i = 0; i < 10; i++) {
                pauses.add(pauseAfterAFailure(registry, "db" + i));
            }
        }
        assertThat(pauses)
                .hasSizeGreaterThan(1)
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(400), Duration.ofMillis(600)));
    }

    @Test
    void drainsForHalfAMinuteUnlessSet() {
        PoolRegistry registry = builder().provider(provider).build();
        PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders"), Resource.class);
        registry.lease(key);
        registry.evict(key);
        time.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(provider.pools().get(0).closes()).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        registry.close();
    }

    @Test
    void closesWithinTheDrainTimeoutThatWasSet() {
        PoolRegistry registry =
                builder().provider(provider).drainTimeout(Duration.ZERO).build();
        registry.lease(registry.register(FakePoolProvider.spec("orders"), Resource.class));
        registry.close();
        assertThat(provider.pools().get(0).closes()).isEqualTo(1);
    }
}
