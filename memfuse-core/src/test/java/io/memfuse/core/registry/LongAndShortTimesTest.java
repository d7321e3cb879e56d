package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Times beyond what nanoseconds can count, and none at all, on the clock and the scheduler of the machine. */
@Timeout(60)
class LongAndShortTimesTest extends RegistryFixture {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final EngineThreads machine = EngineThreads.create();
    private final PoolRegistry patient = PoolRegistry.builder()
            .provider(provider)
            .threads(machine)
            .drainTimeout(FOREVER)
            .backoff(FOREVER, FOREVER)
            .build();
    private final PoolKey<Resource> key =
            patient.register(io.memfuse.core.testing.FakePoolProvider.spec("orders"), Resource.class);

    @AfterEach
    void closePatient() {
        patient.close(FOREVER);
        machine.close();
    }

    @Test
    void waitForEverWithoutAnOverflow() {
        PoolLease<Resource> lease = patient.lease(key, FOREVER);
        assertThat(future(patient.warmUp(key, FOREVER))).succeedsWithin(SOON);
        assertThat(future(patient.probe(key, FOREVER))).succeedsWithin(SOON);
        var evicted = future(patient.evict(key));
        assertThat(evicted).isNotDone();
        lease.close();
        assertThat(evicted).succeedsWithin(SOON);
    }

    @Test
    void noTimeIsNoWaiting() {
        var go = holdUp("orders");
        for (Duration none :
                new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThatThrownBy(() -> patient.lease(key, none)).isInstanceOf(PoolTimeoutException.class);
            assertThat(future(patient.warmUp(key, none)))
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(PoolTimeoutException.class);
        }
        go.countDown();
        patient.lease(key, SOON).close();
        assertThat(future(patient.probe(key, Duration.ZERO)))
                .satisfiesAnyOf(
                        answered -> assertThat(answered).succeedsWithin(SOON),
                        answered -> assertThat(answered).failsWithin(SOON));
    }

    @Test
    void aBackOffForEverEnds() {
        provider.script("orders", (spec, context) -> {
            throw new java.io.IOException("refused");
        });
        assertThatThrownBy(() -> patient.lease(key, SOON)).isInstanceOf(PoolException.class);
        assertThatThrownBy(() -> patient.lease(key, SOON)).isInstanceOf(PoolException.class);
        assertThat(patient.snapshot(key).state()).isEqualTo(PoolState.FAILED);
        assertThat(future(patient.evict(key))).succeedsWithin(SOON).isEqualTo(Optional.empty());
        provider.heal("orders");
        patient.lease(key, SOON).close();
    }
}
