package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.TestThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A database that was removed while it was opened, and is registered again before that opening has ended. All work is done by
 * the thread that asks for it, so that what has not begun when a call returns does not begin by itself.
 */
@Timeout(60)
class RegisteringAgainTest extends RegistryFixture {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final PoolRegistry direct =
            builder().threads(TestThreads.onCaller(time)).build();
    private final CountDownLatch go = new CountDownLatch(1);
    private PoolKey<Resource> key = registerDirectly();
    private Future<?> firstOpening = CompletableFuture.completedFuture(null);
    private CompletableFuture<Optional<DrainReport>> removed = new CompletableFuture<>();

    private PoolKey<Resource> registerDirectly() {
        return direct.register(FakePoolProvider.spec("orders"), Resource.class);
    }

    @BeforeEach
    void removeWhileItIsOpened() {
        provider.script("orders", (spec, context) -> {
            if (provider.attempts() == 1) {
                FakePoolProvider.awaitUninterruptibly(go);
            }
        });
        firstOpening = callers.submit(() -> direct.warmUp(key));
        await().until(() -> provider.attempts() == 1);
        removed = future(direct.remove(key));
        key = registerDirectly();
    }

    private PoolState state() {
        return direct.snapshot(key).state();
    }

    @AfterEach
    void closeDirectly() {
        go.countDown();
        direct.close();
    }

    @Test
    void isOpenedOnceThatOpeningHasEnded() {
        CompletableFuture<PoolStats> warm = future(direct.warmUp(key));
        assertThat(provider.attempts()).isEqualTo(1);
        assertThat(state()).isEqualTo(PoolState.OPENING);
        go.countDown();
        assertThat(warm).succeedsWithin(Duration.ofSeconds(10));
        assertThat(removed).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Optional.empty());
        assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 0);
    }

    @Test
    void isOpenedAtOnceIfThatOpeningHasEnded() {
        go.countDown();
        assertThat(firstOpening).succeedsWithin(Duration.ofSeconds(10));
        direct.lease(key).close();
        assertThat(provider.attempts()).isEqualTo(2);
    }

    @Test
    void holdsUpNoOtherDatabase() {
        direct.warmUp(key);
        direct.lease(direct.register(FakePoolProvider.spec("other"), Resource.class))
                .close();
    }

    @Test
    void failsIfThatOpeningDoesNotEndWithinTheTimeout() {
        CompletableFuture<PoolStats> warm = future(direct.warmUp(key, TIMEOUT.multipliedBy(2)));
        time.advance(TIMEOUT.minusNanos(1));
        assertThat(warm).isNotDone();
        time.advance(Duration.ofNanos(1));
        assertThat(warm)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        PoolOpenException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NO_ANSWER))
                .withMessageContaining("the opening that was under way when the database was removed has not ended");
        assertThat(state()).isEqualTo(PoolState.FAILED);
        assertThat(time.scheduled()).isZero();

        go.countDown();
        assertThat(firstOpening).succeedsWithin(Duration.ofSeconds(10));
        time.advance(Duration.ofSeconds(1));
        direct.lease(key).close();
    }

    @Test
    void isRefusedAtOnceIfItIsRemovedOnceMore() {
        CompletableFuture<PoolStats> warm = future(direct.warmUp(key));
        assertThat(future(direct.remove(key))).isCompletedWithValue(Optional.empty());
        assertThat(warm).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(PoolClosedException.class);
        go.countDown();
        assertThat(firstOpening).succeedsWithin(Duration.ofSeconds(10));
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void waitsForAllThatWereRemovedBefore() {
        direct.warmUp(key);
        direct.remove(key);
        key = registerDirectly();
        CompletableFuture<PoolStats> warm = future(direct.warmUp(key));
        assertThat(provider.attempts()).isEqualTo(1);
        go.countDown();
        assertThat(warm).succeedsWithin(Duration.ofSeconds(10));
        assertThat(provider.attempts()).isEqualTo(2);
    }
}
