package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.service.ServiceException.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of the cache. */
@Timeout(60)
class ClosingServicesTest extends ServiceCacheFixture {

    @Test
    void refusesEveryoneAfterwards() {
        cache.get("alice", Storage.class);
        assertThat(cache.close(Duration.ofSeconds(5))).isTrue();
        assertThatThrownBy(() -> cache.get("alice", Storage.class))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(Code.CLOSED))
                .hasMessageContaining("after MemFuse was shut down");
        assertThat(cache.stats().users()).isZero();
    }

    @Test
    void closesTheOthersWhenOneFailsToClose() {
        buffer.closer = () -> {
            throw new IOException("could not flush");
        };
        cache.get("alice", Memory.class);
        cache.close();
        assertThat(closed).containsExactly("memory", "storage");
    }

    @Test
    void closesTheOthersWhenWhatOneThrowsCannotBePrinted() {
        buffer.closer = () -> {
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new IllegalStateException("no words either");
                }
            };
        };
        cache.get("alice", Memory.class);
        assertThat(cache.evict("alice").toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(closed).containsExactly("memory", "storage");
    }

    @Test
    void returnsAtTheDeadlineWhenOneHangs() {
        var go = new CountDownLatch(1);
        storage.closer = go::await;
        cache.get("alice", Storage.class);
        assertThat(cache.close(Duration.ZERO)).isFalse();
        go.countDown();
    }

    /** As when all threads of a JDK without virtual ones are at work. */
    @Test
    void failsWhatHasNotBegun() {
        ServiceCache busy = builder()
                .threads(withExecutors(threads.callbacks(), new NeverRunning()))
                .factory(storage)
                .build();
        CompletableFuture<Storage> queued =
                busy.getAsync("alice", Storage.class).toCompletableFuture();
        assertThat(busy.close(Duration.ofSeconds(5))).isTrue();
        assertThat(queued)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("after MemFuse was shut down");
        assertThat(made).hasValue(0);
    }

    @Test
    void failsWhatHasNotBegunThoughItsUserIsBeingEvicted() {
        ServiceCache busy = builder()
                .threads(withExecutors(threads.callbacks(), new NeverRunning()))
                .factory(storage)
                .build();
        CompletableFuture<Storage> queued =
                busy.getAsync("alice", Storage.class).toCompletableFuture();
        busy.evict("alice");
        assertThat(busy.close(Duration.ofSeconds(5))).isTrue();
        assertThat(queued).isCompletedExceptionally();
    }

    @Test
    void closesWhatIsMadeTooLate() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        ServiceCache slow = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    started.countDown();
                    go.await();
                    return new Storage(context.user());
                }))
                .build();
        Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> slow.get("alice", Storage.class)));
        started.await();
        assertThat(slow.close(Duration.ZERO)).isFalse();
        go.countDown();
        assertThat(caller.get(10, TimeUnit.SECONDS)).isInstanceOf(ServiceException.class);
        await().until(() -> closed.equals(List.of("storage")));
    }
}
