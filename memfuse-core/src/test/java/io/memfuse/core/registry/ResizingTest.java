package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other sizes for a database in use, in place. */
@Timeout(60)
class ResizingTest extends RegistryFixture {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final PoolSpec former = FakePoolProvider.spec("orders");
    private final PoolSpec resized = FakePoolProvider.spec("orders", 3, 7);
    private final PoolKey<Resource> key = register("orders");
    private final Resource durable = registry.durable(key);

    private CompletableFuture<?> resize(int minSize, int maxSize) {
        return future(registry.resize(key, minSize, maxSize));
    }

    private List<Integer> sizes() {
        return List.of(
                registry.snapshot(key).stats().minSize(),
                registry.snapshot(key).stats().maxSize());
    }

    @Test
    void theOpenPoolGoesOnWithTheNewSizes() {
        durable.use();
        assertThat(resize(3, 7)).succeedsWithin(SOON);
        assertThat(durable.use()).isEqualTo(1);
        assertThat(sizes()).containsExactly(3, 7);
        assertThat(registry.spec(key)).isEqualTo(resized);
        assertThat(listener.events()).containsExactly("opened");
    }

    @Test
    void thePoolsThatAreOpenedLaterHaveThemToo() {
        durable.use();
        assertThat(resize(3, 7)).succeedsWithin(SOON);
        assertThat(future(registry.evict(key))).succeedsWithin(SOON);
        assertThat(durable.use()).isEqualTo(2);
        assertThat(provider.pools().get(1).spec()).isEqualTo(resized);
    }

    @Test
    void ofAPoolThatIsNotOpenTheSettingsChange() {
        assertThat(resize(3, 7)).succeedsWithin(SOON);
        assertThat(provider.attempts()).isZero();
        assertThat(registry.spec(key)).isEqualTo(resized);
        durable.use();
        assertThat(sizes()).containsExactly(3, 7);
    }

    @Test
    void theSameSizesTellNobody() {
        durable.use();
        provider.pools().get(0).scriptResize((min, max) -> {
            throw new AssertionError("told");
        });
        assertThat(resize(former.limits().minSize(), former.limits().maxSize())).succeedsWithin(SOON);
    }

    @Test
    void anOpeningIsWaitedForFirst() {
        CountDownLatch go = holdUp("orders");
        callers.submit(durable::use);
        await().until(() -> provider.attempts() == 1);
        CompletableFuture<?> done = resize(3, 7);
        assertThat(done).isNotDone();
        assertThat(registry.spec(key)).isEqualTo(former);
        go.countDown();
        assertThat(done).succeedsWithin(SOON);
        assertThat(sizes()).containsExactly(3, 7);
    }

    @Test
    void aReplacementIsWaitedForFirst() {
        durable.use();
        CountDownLatch go = holdUp("orders");
        future(registry.replace(key, FakePoolProvider.spec("orders", 1, 2)));
        await().until(() -> provider.attempts() == 2);
        CompletableFuture<?> done = resize(3, 7);
        assertThat(done).isNotDone();
        go.countDown();
        assertThat(done).succeedsWithin(SOON);
        assertThat(durable.use()).isEqualTo(2);
        assertThat(sizes()).containsExactly(3, 7);
    }

    @Test
    void aFailedPoolIsNotTriedSooner() {
        provider.script("orders", (spec, context) -> {
            throw new IOException("no route to host");
        });
        assertThatThrownBy(durable::use).hasMessageContaining("no route to host");
        assertThat(resize(3, 7)).succeedsWithin(SOON);
        provider.heal("orders");
        assertThatThrownBy(durable::use).hasMessageContaining("no route to host");
        time.advance(BACKOFF);
        durable.use();
        assertThat(sizes()).containsExactly(3, 7);
    }

    @Test
    void aPoolThatRefusesKeepsItsSizesAndSaysSo() {
        durable.use();
        provider.pools().get(0).scriptResize((min, max) -> {
            throw new IllegalStateException("not now");
        });
        assertThat(resize(3, 7))
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PoolConfigurationException.class)
                .withMessage(
                        "[MemFuse/PoolMisconfigured] fake://postgres@localhost:5432/orders: its pool refuses the sizes"
                                + " 3 to 7 and keeps its own: java.lang.IllegalStateException: not now");
        assertThat(registry.spec(key)).isEqualTo(former);
        assertThat(durable.use()).isEqualTo(1);
    }

    @Test
    void theTimeoutChangesInPlaceTooAndOnlyWhatMayChange() {
        durable.use();
        PoolLimits limits = former.limits().withSizes(3, 7).withTimeout(Duration.ofSeconds(7));
        assertThat(future(registry.adjust(key, limits.withMaxQueries(1)))).succeedsWithin(SOON);
        assertThat(durable.use()).isEqualTo(1);
        assertThat(provider.pools().get(0).timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(sizes()).containsExactly(3, 7);
        assertThat(registry.spec(key).limits()).isEqualTo(limits);
    }

    @Test
    void aPoolThatRefusesTheTimeoutKeepsItsSizesToo() {
        durable.use();
        provider.pools().get(0).failSetTimeout(new IllegalArgumentException("too short"));
        assertThat(future(registry.adjust(key, former.limits().withSizes(3, 7).withTimeout(Duration.ofSeconds(1)))))
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PoolConfigurationException.class)
                .withMessageEndingWith("its pool refuses the sizes 3 to 7 or the timeout 1.0 s and keeps its own:"
                        + " java.lang.IllegalArgumentException: too short");
        assertThat(registry.spec(key)).isEqualTo(former);
        assertThat(sizes())
                .containsExactly(former.limits().minSize(), former.limits().maxSize());
    }

    @Test
    void aPoolThatRefusesTheSizesKeepsItsTimeoutToo() {
        durable.use();
        provider.pools().get(0).scriptResize((min, max) -> {
            throw new IllegalStateException("not now");
        });
        assertThat(future(registry.adjust(key, former.limits().withSizes(3, 7).withTimeout(Duration.ofSeconds(1)))))
                .failsWithin(SOON);
        assertThat(registry.spec(key)).isEqualTo(former);
        assertThat(provider.pools().get(0).timeout()).isEqualTo(former.limits().timeout());
    }

    @Test
    void whoComesSecondTellsThePoolAfterTheFirst() {
        durable.use();
        var told = new CopyOnWriteArrayList<Integer>();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        provider.pools().get(0).scriptResize((min, max) -> {
            if (max == 7) {
                asked.countDown();
                FakePoolProvider.awaitUninterruptibly(go);
            }
            told.add(max);
        });
        CompletableFuture<?> first = resize(3, 7);
        FakePoolProvider.awaitUninterruptibly(asked);
        CompletableFuture<?> second = resize(4, 8);
        assertThat(registry.spec(key)).isEqualTo(resized);
        assertThat(second).isNotDone();
        go.countDown();
        assertThat(first).succeedsWithin(SOON);
        assertThat(second).succeedsWithin(SOON);
        assertThat(told).containsExactly(7, 8);
        assertThat(sizes()).containsExactly(4, 8);
    }

    @Test
    void whoseTimeIsUpBeforeItsTurnChangesNothing() {
        durable.use();
        var told = new CopyOnWriteArrayList<Integer>();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        provider.pools().get(0).scriptResize((min, max) -> {
            told.add(max);
            asked.countDown();
            FakePoolProvider.awaitUninterruptibly(go);
        });
        CompletableFuture<?> first = resize(3, 7);
        FakePoolProvider.awaitUninterruptibly(asked);
        CompletableFuture<?> second = resize(4, 8);
        time.advance(former.limits().timeout());
        assertThat(first).failsWithin(SOON); // They are told by other threads, one after the other.
        assertThat(second).failsWithin(SOON);
        CompletableFuture<?> third = resize(5, 9);
        go.countDown();
        assertThat(third).succeedsWithin(SOON);
        assertThat(told).containsExactly(7, 9);
        assertThat(registry.spec(key)).isEqualTo(FakePoolProvider.spec("orders", 5, 9));
    }

    @Test
    void refusesSizesThatCannotBe() {
        assertThatThrownBy(() -> registry.resize(key, 3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(registry.spec(key)).isEqualTo(former);
    }

    @Test
    void refusesWhatIsClosed() {
        registry.close(Duration.ZERO);
        assertThat(resize(3, 7))
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PoolClosedException.class);
    }

    /** Lets the pool refuse all sizes, these after {@code go}. */
    private void refuse(int heldUp, CountDownLatch asked, CountDownLatch go) {
        provider.pools().get(0).scriptResize((min, max) -> {
            if (max == heldUp) {
                asked.countDown();
                FakePoolProvider.awaitUninterruptibly(go);
            }
            throw new IllegalStateException("not now");
        });
    }

    @Test
    void twoThatAreRefusedLeaveTheSizesThatThePoolHas() {
        durable.use();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        refuse(7, asked, go);
        CompletableFuture<?> first = resize(3, 7);
        FakePoolProvider.awaitUninterruptibly(asked);
        CompletableFuture<?> second = resize(4, 8);
        go.countDown();
        assertThat(first).failsWithin(SOON);
        assertThat(second).failsWithin(SOON);
        assertThat(registry.spec(key)).isEqualTo(former);
    }

    @Test
    void sizesThatAreRefusedAsAReplacementBeginsAreNotLeftWhenThatFails() {
        durable.use();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        refuse(7, asked, go);
        CompletableFuture<?> resized = resize(3, 7);
        FakePoolProvider.awaitUninterruptibly(asked);
        provider.script("orders", (spec, context) -> {
            FakePoolProvider.awaitUninterruptibly(go);
            throw new IOException("no route to host");
        });
        CompletableFuture<?> replaced = future(registry.replace(key, FakePoolProvider.spec("orders", 1, 2)));
        go.countDown();
        assertThat(resized).failsWithin(SOON);
        assertThat(replaced).failsWithin(SOON);
        await().untilAsserted(() -> assertThat(registry.spec(key)).isEqualTo(former));
    }

    @Test
    void sizesThatAreRefusedAsThePoolIsEvictedAreNotLeft() {
        durable.use();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        refuse(7, asked, go);
        CompletableFuture<?> resized = resize(3, 7);
        FakePoolProvider.awaitUninterruptibly(asked);
        assertThat(future(registry.evict(key))).succeedsWithin(SOON);
        go.countDown();
        assertThat(resized).failsWithin(SOON);
        await().untilAsserted(() -> assertThat(registry.spec(key)).isEqualTo(former));
    }

    @Test
    void aPoolThatDoesNotAnswerCostsTheCallerThePoolsTimeout() {
        durable.use();
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        refuse(7, asked, go);
        CompletableFuture<?> resized = resize(3, 7);
        FakePoolProvider.awaitUninterruptibly(asked);
        time.advance(former.limits().timeout());
        assertThat(resized)
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PoolConfigurationException.class)
                .withMessageContaining("its pool has not taken other limits after 1 min 0 s; it may take them yet");
        go.countDown();
    }
}
