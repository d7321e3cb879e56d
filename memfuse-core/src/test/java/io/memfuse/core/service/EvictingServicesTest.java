package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose services are closed when, and that nobody has them then. */
@Timeout(60)
class EvictingServicesTest extends ServiceCacheFixture {

    @Test
    void closesTheUsersSeenLeastRecentlyWhenThereAreTooMany() {
        for (int i = 0; i < 20; i++) {
            cache.get("user" + i, Storage.class);
            time.advance(Duration.ofSeconds(10));
        }
        cache.get("user0", Storage.class);
        cache.get("one too many", Storage.class);
        await().until(() -> cache.stats().users() == 19);
        assertThat(cache.stats().evictions()).isEqualTo(2);
        int before = made.get();
        cache.get("user0", Storage.class);
        cache.get("user19", Storage.class);
        assertThat(made).as("seen recently, so still there").hasValue(before);
        cache.get("user1", Storage.class);
        assertThat(made).as("closed, so made again").hasValue(before + 1);
    }

    @Test
    void closesTheServicesOfAllUsersWhenAsked() {
        for (int i = 0; i < 3; i++) {
            cache.get("user" + i, Storage.class);
        }
        assertThat(cache.evictAll().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(closed).hasSize(3);
        assertThat(cache.stats().users()).isZero();
        cache.get("user0", Storage.class);
        assertThat(made).hasValue(4);
    }

    @Test
    void ratherExceedsTheBoundThanCloseAServiceInUse() {
        for (int i = 0; i < 25; i++) {
            cache.get("user" + i, Storage.class);
        }
        assertThat(cache.stats().users()).isEqualTo(25);
        assertThat(closed).isEmpty();
    }

    @Test
    void neverClosesForRoomWhoIsSeenWithinTheGraceHoweverCloseTheRace() throws Exception {
        Duration grace = Duration.ofSeconds(1);
        ServiceCache full =
                builder().maxUsers(1).evictionGrace(grace).factory(storage).build();
        Storage first = full.get("alice", Storage.class);
        var seen = new AtomicInteger();
        Future<?> alice = callers.submit(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                assertThat(full.get("alice", Storage.class)).isSameAs(first);
                seen.incrementAndGet();
            }
        });
        for (int i = 0; i < 2_000; i++) {
            int before = seen.get();
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofNanos(1_000))
                    .until(() -> alice.isDone() || seen.get() - before >= 2);
            time.advance(grace.minusMillis(200)); // Less than the grace by more than an epoch.
            full.get("user" + i, Storage.class);
        }
        callers.shutdownNow();
        alice.get(10, TimeUnit.SECONDS);
        assertThat(full.stats().evictions()).isPositive();
        full.close();
    }

    @Test
    void endsItsTimerWhenItIsClosed() {
        cache.close();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void makesNewServicesAfterTheOldOnesAreClosed() throws Exception {
        var go = new CountDownLatch(1);
        storage.closer = go::await;
        Storage old = cache.get("alice", Storage.class);
        CompletableFuture<?> evicted = cache.evict("alice").toCompletableFuture();
        Future<Storage> next = callers.submit(() -> cache.get("alice", Storage.class));
        await().until(() -> cache.stats().misses() == 2);
        assertThat(made).as("not before the old one is closed").hasValue(1);
        go.countDown();
        assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(old).isNotSameAs(old);
        assertThat(evicted).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void waitsForAServiceThatIsBeingMadeAndGivesItsCallerANewOne() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        ServiceCache slow = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    if (made.incrementAndGet() == 1) {
                        started.countDown();
                        go.await();
                    }
                    return new Storage(context.user());
                }))
                .build();
        Future<Storage> caller = callers.submit(() -> slow.get("alice", Storage.class));
        started.await();
        CompletableFuture<?> evicted = slow.evict("alice").toCompletableFuture();
        assertThat(evicted).isNotDone();
        go.countDown();
        assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo(new Storage("alice"));
        assertThat(made).hasValue(2);
        assertThat(closed).containsExactly("storage");
        slow.close();
    }

    @Test
    void isNotOverBeforeTheLastServiceIsClosed() throws Exception {
        var bothStarted = new CountDownLatch(2);
        var make = new CountDownLatch(1);
        var close = new CountDownLatch(1);
        var slowStorage = new Factory<>("storage", Storage.class, closed, context -> {
            bothStarted.countDown();
            make.await();
            return new Storage(context.user());
        });
        var slowBuffer = new Factory<>("buffer", Buffer.class, closed, context -> {
            bothStarted.countDown();
            make.await();
            return new Buffer(context.user(), new Storage(context.user()));
        });
        slowStorage.closer = close::await;
        slowBuffer.closer = close::await;
        ServiceCache slow = builder().factory(slowStorage).factory(slowBuffer).build();
        slow.load(new ServiceKey("alice", "storage"));
        slow.load(new ServiceKey("alice", "buffer"));
        bothStarted.await();
        CompletableFuture<?> evicted = slow.evict("alice").toCompletableFuture();
        make.countDown();
        await().until(() -> slow.stats().loads() == 2);
        assertThat(evicted).isNotDone();
        close.countDown();
        assertThat(evicted).succeedsWithin(Duration.ofSeconds(10));
        assertThat(closed).containsExactlyInAnyOrder("storage", "buffer");
        slow.close();
    }

    @Test
    void refusesAGraceTooShortToTellUsesApart() {
        assertThatThrownBy(() -> builder().evictionGrace(Duration.ofMillis(50)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("accepted: 1 second to 365 days");
    }

    @Test
    void doesNothingForAnUnknownUser() {
        assertThat(cache.evict("nobody")).isCompleted();
    }
}
