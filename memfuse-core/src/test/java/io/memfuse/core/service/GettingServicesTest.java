package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.service.ServiceException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service is made once for its user, for any number of callers. */
@Timeout(60)
class GettingServicesTest extends ServiceCacheFixture {

    @Test
    void makesAServiceOnceAndKeepsIt() {
        Storage first = cache.get("alice", Storage.class);
        assertThat(cache.get("alice", Storage.class)).isSameAs(first);
        assertThat(cache.get("bob", Storage.class)).isEqualTo(new Storage("bob"));
        assertThat(cache.stats().hits()).isEqualTo(1);
        assertThat(cache.stats().misses()).isEqualTo(2);
        assertThat(cache.stats().loads()).isEqualTo(2);
        assertThat(cache.stats().hitRate()).isEqualTo(1.0 / 3);
        assertThat(cache.stats().users()).isEqualTo(2);
    }

    @Test
    void findsAServiceWithoutALookAtTheClock() {
        var readings = new AtomicInteger();
        Thread caller = Thread.currentThread();
        ServiceCache timed = builder()
                .ticker(() -> {
                    if (Thread.currentThread() == caller) { // The timer reads it for all.
                        readings.incrementAndGet();
                    }
                    return time.nanoTime();
                })
                .factory(storage)
                .build();
        timed.get("alice", Storage.class);
        time.advance(Duration.ofSeconds(1));
        int before = readings.get();
        for (int i = 0; i < 100; i++) {
            timed.get("alice", Storage.class);
        }
        assertThat(readings).hasValue(before);
        timed.close();
    }

    @Test
    void makesOneForAnyNumberOfCallers() throws Exception {
        var go = new CountDownLatch(1);
        ServiceCache slow = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    made.incrementAndGet();
                    go.await();
                    return new Storage(context.user());
                }))
                .build();
        List<Future<Storage>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(callers.submit(() -> slow.get("alice", Storage.class)));
        }
        await().until(() -> slow.stats().misses() == 50);
        go.countDown();
        for (Future<Storage> one : all) {
            assertThat(one.get()).isSameAs(all.get(0).get());
        }
        assertThat(made).hasValue(1);
        slow.close();
    }

    @Test
    void completesAStageForCallersThatMustNotBlock() {
        assertThat(cache.getAsync("alice", Memory.class))
                .succeedsWithin(Duration.ofSeconds(10))
                .isSameAs(cache.get("alice", Memory.class));
        assertThat(cache.getAsync("alice", Memory.class)).isCompleted();
    }

    @Test
    void loadsByName() {
        assertThat(cache.load(new ServiceKey("alice", "memory")))
                .succeedsWithin(Duration.ofSeconds(10))
                .isSameAs(cache.get("alice", Memory.class));
    }

    @Test
    void namesTheKnownServicesWhenOneIsUnknown() {
        assertThatThrownBy(() -> cache.load(new ServiceKey("alice", "memroy")))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("no factory makes the service 'memroy'; known: buffer, memory, storage");
        assertThatThrownBy(() -> cache.get("alice", String.class))
                .hasMessageContaining("no factory makes the service 'java.lang.String'");
    }

    @Test
    void refusesAnEmptyUser() {
        assertThatThrownBy(() -> cache.get(" ", Storage.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user is empty");
    }

    @Test
    void givesUpAtTheDeadlineThoughThereIsNoThreadToSayItOn() {
        ServiceCache exhausted = builder()
                .threads(withExecutors(new Exhausted(), new NeverRunning()))
                .factory(storage)
                .build();
        CompletableFuture<Storage> async =
                exhausted.getAsync("alice", Storage.class).toCompletableFuture();
        time.advance(Duration.ofSeconds(20));
        assertThat(async).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("still being made");
        exhausted.close();
    }

    @Test
    void givesUpAtTheDeadlineAndTheMakingGoesOn() throws Exception {
        var go = new CountDownLatch(1);
        ServiceCache slow = builder()
                .loadTimeout(Duration.ofMillis(20))
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    go.await();
                    return new Storage(context.user());
                }))
                .build();
        assertThatThrownBy(() -> slow.get("alice", Storage.class))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(Code.TIMEOUT))
                .hasMessageContaining("storage of alice was still being made after 20 ms");
        CompletableFuture<Storage> async = slow.getAsync("alice", Storage.class).toCompletableFuture();
        time.advance(Duration.ofMillis(20));
        assertThat(async)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("still being made");
        go.countDown();
        await().until(() -> slow.stats().loads() == 1);
        assertThat(slow.get("alice", Storage.class)).isEqualTo(new Storage("alice"));
        slow.close();
    }
}
