package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memfuse.core.service.ServiceException.Code;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
}
