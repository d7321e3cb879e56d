package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that cannot be opened: who is told what, and when it is tried again. */
@Timeout(60)
class FailingTest extends RegistryFixture {

    private final IOException refused = new IOException("connection refused");

    private PoolKey<Resource> registerDead() {
        provider.script("dead", (spec, context) -> {
            throw PoolOpenException.attemptFailed(
                    context.key(), FailureKind.UNREACHABLE, "connection refused", Duration.ofMillis(7), refused);
        });
        return register("dead");
    }

    @Test
    void tellsTheCallerWhatWasTriedAndWhatToDo() {
        PoolKey<Resource> key = registerDead();
        assertThatThrownBy(() -> registry.lease(key))
                .isInstanceOfSatisfying(PoolOpenException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
                    assertThat(failure.retryable()).isTrue();
                    assertThat(failure.key()).isSameAs(key);
                })
                .hasMessage("[MemFuse/PoolOpenFailed] fake://postgres@localhost:5432/dead: could not connect:"
                        + " connection refused (tried for 7 ms); check host and port, and that the server runs")
                .hasRootCause(refused);
        assertThat(listener.events()).containsExactly("openFailed");
    }

    @Test
    void showsForHowLongItIsLeftAlone() {
        PoolKey<Resource> key = registerDead();
        assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
        assertThat(registry.snapshot(key).nextAttemptIn()).isEqualTo(BACKOFF);

        time.advance(BACKOFF.dividedBy(4));
        assertThat(registry.snapshot(key).nextAttemptIn())
                .isEqualTo(BACKOFF.multipliedBy(3).dividedBy(4));
        assertThat(registry.snapshot().pools().get(0).nextAttemptIn())
                .isEqualTo(BACKOFF.multipliedBy(3).dividedBy(4));

        time.advance(BACKOFF);
        assertThat(registry.snapshot(key).nextAttemptIn()).isZero();
    }

    @Test
    void givesAllWhoWaitedTheSameFailureAndEachAStackOfItsOwn() throws Exception {
        var go = new CountDownLatch(1);
        PoolKey<Resource> key = register("dead");
        provider.script("dead", (spec, context) -> {
            go.await();
            throw refused;
        });
        List<Future<Throwable>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(callers.submit(() -> catchThrowable(() -> registry.lease(key))));
        }
        await().until(() -> stateOf(key) == PoolState.OPENING);
        go.countDown();
        List<Throwable> failures = new ArrayList<>();
        for (Future<Throwable> one : all) {
            failures.add(one.get());
        }
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(PoolOpenException.class)
                        .hasRootCause(refused))
                .doesNotHaveDuplicates();
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void failsFastUntilTheNextAttemptIsDue() {
        PoolKey<Resource> key = registerDead();
        assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
        time.advance(Duration.ofMillis(400));
        assertThatThrownBy(() -> registry.lease(key))
                .isInstanceOfSatisfying(
                        PoolOpenException.class,
                        failure -> assertThat(failure.nextAttemptIn()).contains(Duration.ofMillis(600)))
                .hasMessageContaining("not available: the last attempt to connect failed: connection refused;"
                        + " next attempt in 600 ms");
        assertThat(provider.attempts()).isEqualTo(1);
        assertThat(listener.events()).as("only the second is refused").containsOnlyOnce("refused");
        assertThat(registry.snapshot(key).error())
                .hasValueSatisfying(error -> assertThat(error).contains("connection refused"));
    }

    @Test
    void triesAgainOnceTheBackOffHasPassed() {
        PoolKey<Resource> key = registerDead();
        assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
        provider.heal("dead");
        time.advance(BACKOFF);
        registry.lease(key).close();
        assertThat(stateOf(key)).isEqualTo(PoolState.OPEN);
    }

    @Test
    void backsOffLongerWithEachFailureInARowUpToABound() {
        PoolKey<Resource> key = registerDead();
        for (int seconds : new int[] {1, 2, 4, 8, 8}) {
            assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
            int attempts = provider.attempts();
            time.advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
            assertThat(provider.attempts()).isEqualTo(attempts);
            time.advance(Duration.ofNanos(1));
        }
    }

    @Test
    void evictingAFailedPoolLetsItBeTriedAtOnce() {
        PoolKey<Resource> key = registerDead();
        assertThatThrownBy(() -> registry.lease(key)).isInstanceOf(PoolOpenException.class);
        provider.heal("dead");
        assertThat(registry.evict(key).toCompletableFuture().join()).isEmpty();
        registry.lease(key).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"checked", "unchecked", "error"})
    void takesWhateverAProviderThrows(String what) {
        PoolKey<Resource> key = register("broken");
        provider.script("broken", (spec, context) -> {
            switch (what) {
                case "checked" -> throw new IOException("disk on fire");
                case "unchecked" -> throw new IllegalStateException("disk on fire");
                default -> throw new NoClassDefFoundError("disk on fire");
            }
        });
        assertThatThrownBy(() -> registry.lease(key))
                .isInstanceOfSatisfying(
                        PoolOpenException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.OTHER))
                .hasMessageContaining("disk on fire");
        assertThat(stateOf(key)).isEqualTo(PoolState.FAILED);
    }

    @Test
    void aBackOffBeyondWhatALongCanCountHarmsNobody() {
        PoolRegistry other = PoolRegistry.builder()
                .provider(provider)
                .threads(threads)
                .ticker(time)
                .backoff(BACKOFF, Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        provider.script("dead", (spec, context) -> {
            throw refused;
        });
        PoolKey<Resource> key = other.register(FakePoolProvider.spec("dead"), Resource.class);
        assertThatThrownBy(() -> other.lease(key)).isInstanceOf(PoolOpenException.class);
        other.close(Duration.ofSeconds(Long.MAX_VALUE));
    }

    @Test
    void evictingAnOpeningThatFailsLetsItBeTriedAtOnce() {
        var go = new CountDownLatch(1);
        provider.script("dead", (spec, context) -> {
            go.await();
            throw refused;
        });
        PoolKey<Resource> key = register("dead");
        registry.warmUp(key);
        await().until(() -> provider.attempts() == 1);
        CompletableFuture<Optional<DrainReport>> evicted = registry.evict(key).toCompletableFuture();
        provider.heal("dead");
        go.countDown();
        assertThat(evicted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Optional.empty());
        registry.lease(key).close();
    }

    @Test
    void evictingAnOpeningThatNeverReturnsEndsInTime() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("stuck", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        PoolKey<Resource> key = register("stuck");
        Future<?> caller = callers.submit(() -> registry.lease(key).close());
        await().until(() -> provider.attempts() == 1);
        CompletableFuture<?> evicted = registry.evict(key).toCompletableFuture();
        time.advance(FakePoolProvider.spec("stuck").limits().timeout());
        assertThat(evicted)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(PoolTimeoutException.class)
                .withMessageContaining("still opening");
        go.countDown();
        caller.get(10, TimeUnit.SECONDS);
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void takesAProviderThatReturnsNull() {
        PoolRegistry other = PoolRegistry.builder()
                .provider(new NullProvider())
                .threads(threads)
                .build();
        PoolKey<Resource> key = other.register(FakePoolProvider.spec("none"), Resource.class);
        assertThatThrownBy(() -> other.lease(key))
                .isInstanceOf(PoolOpenException.class)
                .hasMessageContaining("the provider returned no pool");
        other.close();
    }

    private static final class NullProvider extends DelegatingProvider {

        NullProvider() {
            super(new FakePoolProvider());
        }

        @Override
        @SuppressWarnings("NullAway") // what a provider without null checks may do
        public io.memfuse.core.pool.PoolHandle<Resource> open(PoolSpec spec, io.memfuse.core.pool.PoolContext context) {
            return null;
        }
    }
}
