package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memfuse.core.service.ServiceException.Code;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services that use others of their user. */
@Timeout(60)
class DependingServicesTest extends ServiceCacheFixture {

    @Test
    void givesAServiceTheOthersOfTheSameUser() {
        Memory made = cache.get("alice", Memory.class);
        assertThat(made.buffer()).isSameAs(cache.get("alice", Buffer.class));
        assertThat(made.buffer().storage()).isSameAs(cache.get("alice", Storage.class));
    }

    @Test
    void closesEachServiceBeforeWhatItDependsOn() {
        cache.get("alice", Storage.class);
        cache.get("alice", Memory.class);
        cache.close();
        assertThat(closed).containsExactly("memory", "buffer", "storage");
    }

    @Test
    void namesACircleInsteadOfWaitingForEver() {
        ServiceCache circular = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    context.service(Memory.class);
                    return new Storage(context.user());
                }))
                .factory(buffer)
                .factory(memory)
                .build();
        assertThatThrownBy(() -> circular.get("alice", Memory.class))
                .isInstanceOfSatisfying(ServiceException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(Code.CYCLE);
                    assertThat(failure.retryable()).isFalse();
                })
                .hasMessageContaining("storage -> memory -> buffer -> storage");
    }

    @Test
    void namesAServiceThatAsksForItself() {
        ServiceCache selfish = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> context.service(Storage.class)))
                .build();
        assertThatThrownBy(() -> selfish.get("alice", Storage.class)).hasMessageContaining("storage -> storage");
    }

    @Test
    void findsACircleThatCloseOnTwoThreads() throws Exception {
        var bothStarted = new CountDownLatch(2);
        ServiceCache circular = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    bothStarted.countDown();
                    bothStarted.await();
                    context.service(Buffer.class);
                    return new Storage(context.user());
                }))
                .factory(new Factory<>("buffer", Buffer.class, closed, context -> {
                    bothStarted.countDown();
                    bothStarted.await();
                    return new Buffer(context.user(), context.service(Storage.class));
                }))
                .build();
        Future<Throwable> one = callers.submit(() -> catchThrowable(() -> circular.get("alice", Storage.class)));
        Future<Throwable> other = callers.submit(() -> catchThrowable(() -> circular.get("alice", Buffer.class)));
        assertThat(List.of(one.get(10, TimeUnit.SECONDS), other.get(10, TimeUnit.SECONDS)))
                .allSatisfy(failure ->
                        assertThat(failure).isInstanceOf(ServiceException.class).hasMessageContaining("in a circle"));
    }

    @Test
    void refusesTwoFactoriesOfOneName() {
        assertThatThrownBy(() -> builder().factory(storage).factory(storage).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two service factories are named 'storage'");
    }

    @Test
    void makesNothingForAServiceThatIsMadeAlready() {
        var kept = new AtomicReference<ServiceContext>();
        ServiceCache late = builder()
                .factory(storage)
                .factory(new Factory<>("buffer", Buffer.class, closed, context -> {
                    kept.set(context);
                    return new Buffer(context.user(), new Storage(context.user()));
                }))
                .build();
        late.get("alice", Buffer.class);
        late.close(Duration.ofSeconds(5));
        assertThatThrownBy(() -> Objects.requireNonNull(kept.get()).service(Storage.class))
                .isInstanceOf(IllegalStateException.class);
        assertThat(made).hasValue(0);
    }

    @Test
    void namesAServiceThatAsksTheCacheForItself() {
        var self = new AtomicReference<ServiceCache>();
        ServiceCache selfish = builder()
                .factory(new Factory<>(
                        "storage",
                        Storage.class,
                        closed,
                        context -> Objects.requireNonNull(self.get()).get(context.user(), Storage.class)))
                .build();
        self.set(selfish);
        Future<Throwable> failure = callers.submit(() -> catchThrowable(() -> selfish.get("alice", Storage.class)));
        assertThat(failure)
                .succeedsWithin(Duration.ofSeconds(5))
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("storage -> storage");
    }

    @Test
    void namesACircleThroughTheCache() {
        var self = new AtomicReference<ServiceCache>();
        ServiceCache circular = builder()
                .factory(new Factory<>("storage", Storage.class, closed, context -> {
                    Objects.requireNonNull(self.get()).get(context.user(), Buffer.class);
                    return new Storage(context.user());
                }))
                .factory(new Factory<>(
                        "buffer",
                        Buffer.class,
                        closed,
                        context -> new Buffer(
                                context.user(),
                                Objects.requireNonNull(self.get()).get(context.user(), Storage.class))))
                .build();
        self.set(circular);
        Future<Throwable> failure = callers.submit(() -> catchThrowable(() -> circular.get("alice", Storage.class)));
        assertThat(failure)
                .succeedsWithin(Duration.ofSeconds(5))
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("in a circle");
    }

    @Test
    void aFactoryMayAskTheCacheForAnotherUsersService() {
        var self = new AtomicReference<ServiceCache>();
        ServiceCache shared = builder()
                .factory(storage)
                .factory(new Factory<>(
                        "buffer",
                        Buffer.class,
                        closed,
                        context -> new Buffer(
                                context.user(),
                                Objects.requireNonNull(self.get()).get("shared", Storage.class))))
                .build();
        self.set(shared);
        assertThat(callers.submit(
                        () -> shared.get("alice", Buffer.class).storage().user()))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("shared");
    }
}
