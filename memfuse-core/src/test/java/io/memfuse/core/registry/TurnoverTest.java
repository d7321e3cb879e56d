package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A pool that goes because nobody uses it, while others may let it go too. */
class TurnoverTest {

    private final ManualTime time = new ManualTime();
    private final FakePoolProvider provider = new FakePoolProvider();
    private final RegistryEngine engine = new RegistryEngine(
            TestThreads.onCaller(time),
            PoolListener.NONE,
            time,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), RandomGenerator.getDefault()),
            Duration.ofSeconds(5),
            HolderTracking.OFF);
    private final PoolDrains drains = new PoolDrains(engine);
    private final PoolSpec spec = FakePoolProvider.spec("orders");
    private final PoolSlot<Resource> slot = new PoolSlot<>(
            PoolKey.of(spec, Resource.class),
            spec,
            provider,
            new SlotContext(engine, drains, new PoolNumbers(Runnable::run), new Pending(), () -> {}));

    private OpenPool<Resource> open() {
        return slot.lease().pool();
    }

    @Test
    void letsAnIdlePoolGoOnce() {
        OpenPool<Resource> pool = open();
        assertThat(slot.turnover().evictIdle(pool)).isTrue();
        assertThat(slot.openPool()).isNull();
        assertThat(slot.turnover().evictIdle(pool)).isFalse();
        assertThat(drains.underWay()).hasSize(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        assertThat(drains.underWay()).isEmpty();
    }

    @Test
    void letsNoOtherPoolGoInItsPlace() {
        OpenPool<Resource> former = open();
        slot.turnover().evict();
        OpenPool<Resource> next = open();
        assertThat(slot.turnover().evictIdle(former)).isFalse();
        assertThat(Objects.requireNonNull(slot.openPool())).isSameAs(next);
    }
}
