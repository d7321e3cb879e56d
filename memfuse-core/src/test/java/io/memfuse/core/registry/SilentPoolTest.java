package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that does not answer when it is asked for its numbers. */
@Timeout(60)
class SilentPoolTest extends RegistryFixture {

    private static final Duration IDLE = Duration.ofSeconds(80);

    private final PoolRegistry bounded = builder().poolIdleTimeout(IDLE).build();
    private final PoolKey<Resource> silent = open("silent");
    private final PoolKey<Resource> other = open("the other");
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    private PoolKey<Resource> open(String database) {
        PoolKey<Resource> key = bounded.register(FakePoolProvider.spec(database), Resource.class);
        bounded.lease(key).close();
        return key;
    }

    @BeforeEach
    void fallSilent() {
        provider.pools().get(0).beforeStats(() -> {
            asked.incrementAndGet();
            FakePoolProvider.awaitUninterruptibly(answer);
        });
    }

    @AfterEach
    void speak() {
        answer.countDown();
        bounded.close(Duration.ZERO);
    }

    private <T> T whileTimePasses(Future<T> result, Duration step) throws Exception {
        await().until(() -> {
            time.advance(step);
            return result.isDone();
        });
        return result.get();
    }

    private RegistrySnapshot snapshot() throws Exception {
        return whileTimePasses(callers.submit(() -> bounded.snapshot()), Duration.ofMillis(100));
    }

    private boolean isClosed(int pool) {
        time.advance(IDLE.dividedBy(8));
        return provider.pools().get(pool).closes() > 0;
    }

    @Test
    void keepsNoOtherPoolFromBeingClosedWhenNobodyUsesIt() {
        await().until(() -> isClosed(1));
        assertThat(isClosed(0)).isFalse();
    }

    @Test
    void isClosedLikeOthersOnceItHasAnswered() {
        await().until(() -> isClosed(1));
        answer.countDown();
        await().until(() -> isClosed(0));
    }

    @Test
    void isShownWithoutItsNumbersAndTheOthersWithTheirs() throws Exception {
        assertThat(snapshot().pools())
                .extracting(PoolSnapshot::state, pool -> pool.stats().total())
                .containsExactly(tuple(PoolState.OPEN, 0), tuple(PoolState.OPEN, 1));
        assertThat(bounded.snapshot(other).stats().total()).isEqualTo(1);
    }

    @Test
    void isAskedNoMoreUntilItHasAnswered() throws Exception {
        snapshot();
        snapshot();
        assertThat(bounded.snapshot(silent).stats()).isEqualTo(PoolStats.NONE);
        assertThat(asked).hasValue(1);
        answer.countDown();
        await().until(() -> bounded.snapshot(silent).stats().total() == 1);
    }

    @Test
    void isNamedInTheLogOnce() throws Exception {
        try (var log = new RecordedLog(PoolNumbers.class)) {
            snapshot();
            snapshot();
            assertThat(log.warnings())
                    .containsExactly(silent
                            + ": does not tell its numbers; it counts as in use until it does, and is asked no more");
        }
    }

    @Test
    void areWaitedForTogether() throws Exception {
        for (int i = 0; i < 20; i++) {
            open("silent " + i);
        }
        provider.pools().forEach(pool -> pool.beforeStats(() -> FakePoolProvider.awaitUninterruptibly(answer)));
        Future<RegistrySnapshot> snapshot = callers.submit(() -> bounded.snapshot());
        assertThat(snapshot.get(10, TimeUnit.SECONDS).pools()).hasSize(22);
    }

    @Test
    void isNotWaitedForByWhoIsInterruptedAndStaysSo() throws Exception {
        Future<Boolean> interrupted = callers.submit(() -> {
            Thread.currentThread().interrupt();
            bounded.snapshot();
            return Thread.interrupted();
        });
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isWaitedForByNobodyWhenTheThreadsHaveEnded() throws Exception {
        threads.close();
        assertThat(callers.submit(() -> bounded.snapshot())
                        .get(10, TimeUnit.SECONDS)
                        .pools())
                .hasSize(2);
    }

    @Test
    void takesNoNumbersFromAnyNumberOfOthers() throws Exception {
        int former = provider.pools().size();
        for (int i = 0; i < 8; i++) {
            open("silent " + i);
            provider.pools().get(former + i).beforeStats(() -> FakePoolProvider.awaitUninterruptibly(answer));
        }
        open("one more");
        assertThat(snapshot().pools())
                .filteredOn(pool -> !pool.key().database().startsWith("silent"))
                .hasSize(2)
                .allSatisfy(pool -> assertThat(pool.stats().total()).isEqualTo(1));
    }

    @Test
    void takesNoNumbersFromOthersOnAThreadThatIsInterrupted() throws Exception {
        Future<Boolean> interrupted = callers.submit(() -> {
            Thread.currentThread().interrupt();
            for (int i = 0; i < 20; i++) {
                assertThat(bounded.snapshot(other).stats().total()).isEqualTo(1);
            }
            return Thread.interrupted();
        });
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isNotAskedWhenAWarmUpRunsOutOfTime() {
        var go = new CountDownLatch(1);
        provider.pools().get(0).scriptWarmUp((spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        CompletableFuture<PoolStats> warm = future(bounded.warmUp(silent, Duration.ofSeconds(1)));
        time.advance(Duration.ofSeconds(1));
        assertThat(warm)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(PoolTimeoutException.class);
        assertThat(asked).hasValue(0);
        go.countDown();
    }

    @Test
    void cannotKeepAWarmUpFromItsDeadline() {
        var go = new CountDownLatch(1);
        provider.pools().get(0).scriptWarmUp((spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        CompletableFuture<PoolStats> warm = future(bounded.warmUp(silent, Duration.ofSeconds(1)));
        await().until(() -> {
            time.advance(Duration.ofMillis(100));
            return warm.isDone();
        });
        assertThat(warm).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(PoolTimeoutException.class);
        go.countDown();
    }
}
