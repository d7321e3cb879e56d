package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.RecordingListener;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How openings and drains end, with executors that do all work at once, and what the log says of them. */
@Timeout(60)
class OpenerTest {

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

    private final ManualTime time = new ManualTime();
    private final FakePoolProvider provider = new FakePoolProvider();
    private final RecordingListener listener = new RecordingListener();
    private final EngineThreads threads = TestThreads.onCaller(time);
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .threads(threads)
            .ticker(time)
            .listener(listener)
            .backoff(Duration.ofSeconds(1), Duration.ofSeconds(8))
            .random(() -> 1L << 63) // nextDouble() is 0.5: no variation
            .drainTimeout(DRAIN_TIMEOUT)
            .build();
    private final PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders"), Resource.class);
    private final Resource durable = registry.durable(key);

    private void failOpenings() {
        provider.script("orders", (spec, context) -> {
            throw new IOException("connection refused");
        });
    }

    @Nested
    class AFailedOpening {

        @Test
        void isLoggedWithTheTimeOfTheNextAttempt() {
            failOpenings();
            try (var log = new RecordedLog(Opener.class)) {
                assertThatThrownBy(durable::use).isInstanceOf(PoolOpenException.class);
                assertThat(log.warnings())
                        .singleElement()
                        .asString()
                        .contains("connection refused")
                        .endsWith("; next attempt in 1.0 s at the earliest");
            }
        }

        @Test
        void tellsWhoAsksTooEarlyHowLongIsLeft() {
            failOpenings();
            assertThatThrownBy(durable::use).isInstanceOf(PoolOpenException.class);
            time.advance(Duration.ofMillis(300));
            PoolOpenException refused = (PoolOpenException) catchThrowable(durable::use);
            assertThat(refused.nextAttemptIn()).hasValue(Duration.ofMillis(700));
        }

        @Test
        void ofAReplacementIsLoggedWithWhatBecomesOfTheSettings() {
            durable.use();
            failOpenings();
            try (var log = new RecordedLog(Opener.class)) {
                registry.replace(key, FakePoolProvider.spec("orders", 1, 2));
                assertThat(log.warnings())
                        .singleElement()
                        .asString()
                        .contains("connection refused")
                        .endsWith("; its settings stay as they were");
            }
        }

        @Test
        void forWhichThereIsNoThreadIsAFailureLikeAnyOther() {
            threads.openers().shutdown();
            assertThatThrownBy(durable::use)
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("the executor was shut down");
            assertThat(registry.snapshot(key).state()).isEqualTo(PoolState.FAILED);
            assertThat(registry.snapshot(key).failure()).isNotNull();
            assertThat(listener.events()).containsExactly("openFailed");
        }
    }

    @Nested
    class AReplacement {

        @Test
        void takesOverUnfilledIfThereIsNoThreadToFillIt() {
            durable.use();
            threads.loaders().shutdown();
            assertThat(registry.replace(key, FakePoolProvider.spec("orders", 3, 7)))
                    .succeedsWithin(Duration.ZERO);
            assertThat(durable.use()).isEqualTo(2);
            assertThat(registry.snapshot(key).stats().total()).isEqualTo(1);
            assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 0);
        }
    }

    @Nested
    class ADrain {

        @Test
        void warnsOfLeasesThatAreStillHeldAtItsEnd() {
            PoolLease<Resource> lease = registry.lease(key);
            try (var log = new RecordedLog(PoolDrains.class)) {
                registry.evict(key);
                assertThat(provider.pools().get(0).closes()).isZero();
                time.advance(DRAIN_TIMEOUT);
                assertThat(provider.pools().get(0).closes()).isEqualTo(1);
                assertThat(log.warnings())
                        .containsExactly(key + ": 1 leases still held after 5.0 s; closing all the same");
            }
            lease.close();
        }

        @Test
        void warnsOfNothingIfAllLeasesAreBack() {
            PoolLease<Resource> lease = registry.lease(key);
            try (var log = new RecordedLog(PoolDrains.class)) {
                registry.evict(key);
                lease.close();
                assertThat(provider.pools().get(0).closes()).isEqualTo(1);
                assertThat(log.warnings()).isEmpty();
            }
        }

        @Test
        void showsThePoolBehindTheOneInItsPlaceUntilItIsClosed() {
            PoolLease<Resource> lease = registry.lease(key);
            registry.evict(key);
            durable.use();
            assertThat(registry.snapshot().pools())
                    .extracting(PoolSnapshot::state)
                    .containsExactly(PoolState.OPEN, PoolState.DRAINING);
            assertThat(registry.snapshot().pools())
                    .extracting(PoolSnapshot::leases)
                    .containsExactly(0, 1);
            lease.close();
            assertThat(registry.snapshot().pools())
                    .extracting(PoolSnapshot::state)
                    .containsExactly(PoolState.OPEN);
        }
    }
}
