package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of the registry. */
@Timeout(60)
class ClosingTest extends RegistryFixture {

    @Test
    void closesEveryPoolOnce() {
        registry.lease(register("a")).close();
        registry.lease(register("b")).close();
        assertThat(registry.close(Duration.ZERO))
                .extracting(report -> report.key().database())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(registry.close(Duration.ZERO)).hasSize(2);
        assertThat(provider.pools())
                .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    @Test
    void refusesEveryoneAfterwards() {
        PoolKey<Resource> key = register("a");
        Resource durable = registry.durable(key);
        registry.close(Duration.ZERO);
        assertThatThrownBy(() -> registry.lease(key))
                .isInstanceOf(PoolClosedException.class)
                .hasMessageContaining("MemFuse is shut down");
        assertThatThrownBy(durable::use).isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> register("b")).isInstanceOf(PoolClosedException.class);
        assertThat(registry.peek(key)).isEmpty();
        assertThat(stateOf(key)).isEqualTo(PoolState.CLOSED);
    }

    @Test
    void waitsForALeaseUpToTheDeadline() throws Exception {
        PoolKey<Resource> key = register("a");
        PoolLease<Resource> lease = registry.lease(key);
        Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(5)));
        await().until(() -> stateOf(key) == PoolState.CLOSED);
        assertThat(provider.pools().get(0).closes()).isZero();
        lease.close();
        assertThat(closing.get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void closesWhatAnOpeningReturnsTooLate() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("slow", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        PoolKey<Resource> key = register("slow");
        Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> registry.lease(key)));
        await().until(() -> provider.attempts() == 1);
        Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(5)));
        await().until(() -> stateOf(key) == PoolState.CLOSED);
        go.countDown();
        closing.get(10, TimeUnit.SECONDS);
        assertThat(caller.get()).isInstanceOf(PoolClosedException.class);
        assertThat(provider.pools())
                .singleElement()
                .satisfies(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    @Test
    void waitsForAPoolThatIsBeingEvictedByAnother() throws Exception {
        var evicting = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        PoolRegistry other = PoolRegistry.builder()
                .provider(provider)
                .threads(threads)
                .ticker(time)
                .listener(new io.memfuse.core.pool.PoolListener() {
                    @Override
                    public void evicted(PoolKey<?> key) {
                        evicting.countDown();
                        FakePoolProvider.awaitUninterruptibly(go);
                    }
                })
                .build();
        PoolKey<Resource> key = other.register(FakePoolProvider.spec("a"), Resource.class);
        other.lease(key).close();
        Future<?> evictor = callers.submit(() -> other.evict(key));
        evicting.await();
        Future<List<DrainReport>> closing = callers.submit(() -> other.close(Duration.ofSeconds(5)));
        await().until(() -> other.snapshot(key).state() == PoolState.CLOSED);
        assertThat(closing).isNotDone();
        go.countDown();
        evictor.get();
        assertThat(closing.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(provider.pools().get(0).closes()).isEqualTo(1);
    }

    @Test
    void drainsTheOthersIfOneCannotBeDrained() {
        var first = new AtomicBoolean(true);
        var closers = new ThreadPoolExecutor(0, 10, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            @Override
            public void execute(Runnable task) {
                if (first.compareAndSet(true, false)) {
                    throw new InternalError("no closer");
                }
                super.execute(task);
            }
        };
        PoolRegistry other = PoolRegistry.builder()
                .provider(provider)
                .threads(new EngineThreads(
                        threads.scheduler(),
                        threads.callbacks(),
                        threads.openers(),
                        threads.workers(),
                        closers,
                        threads.loaders()))
                .ticker(time)
                .build();
        for (String database : List.of("a", "b", "c")) {
            other.lease(other.register(FakePoolProvider.spec(database), Resource.class))
                    .close();
        }
        callers.submit(() -> other.close(Duration.ZERO));
        await().untilAsserted(() ->
                assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactlyInAnyOrder(0, 1, 1));
        closers.shutdownNow();
    }

    @Test
    void worksAlsoWhenTheEngineEndedBefore() {
        PoolKey<Resource> key = register("a");
        PoolLease<Resource> lease = registry.lease(key);
        threads.close();
        assertThat(registry.close(Duration.ofSeconds(5))).hasSize(1);
        assertThat(provider.pools().get(0).closes()).isEqualTo(1);
        assertThat(registry.warmUp(key))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(PoolClosedException.class);
        lease.close();
    }

    @Test
    void interruptsAnOpeningThatNobodyNeedsAnyMore() throws Exception {
        provider.script("slow", (spec, context) -> new CountDownLatch(1).await());
        PoolKey<Resource> key = register("slow");
        Future<Throwable> caller = callers.submit(() -> catchThrowable(() -> registry.lease(key)));
        await().until(() -> provider.attempts() == 1);
        registry.close(Duration.ofSeconds(5));
        assertThat(caller.get(10, TimeUnit.SECONDS)).isInstanceOf(PoolClosedException.class);
        assertThat(provider.pools()).isEmpty();
    }

    @Test
    void waitsAMomentOnlyForAnOpeningThatDoesNotHeedTheInterrupt() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("stuck", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        PoolKey<Resource> key = register("stuck");
        registry.warmUp(key);
        await().until(() -> provider.attempts() == 1);
        Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(30)));
        await().until(() -> stateOf(key) == PoolState.CLOSED);
        await().until(() -> {
            time.advance(Duration.ofSeconds(2));
            return closing.isDone();
        });
        go.countDown();
        await().until(() ->
                provider.pools().size() == 1 && provider.pools().get(0).closes() == 1);
    }

    @Test
    void reportsOnlyPoolsThatWereReallyOpen() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("late", (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        provider.script("never", (spec, context) -> new CountDownLatch(1).await());
        PoolKey<Resource> late = register("late");
        registry.warmUp(late);
        registry.warmUp(register("never"));
        registry.lease(register("open")).close();
        await().until(() -> provider.attempts() == 3);
        Future<List<DrainReport>> closing = callers.submit(() -> registry.close(Duration.ofSeconds(5)));
        await().until(() -> stateOf(late) == PoolState.CLOSED);
        go.countDown();
        assertThat(closing.get(10, TimeUnit.SECONDS))
                .extracting(report -> report.key().database())
                .containsExactly("open");
        assertThat(listener.events()).containsOnlyOnce("closed");
    }

    @Test
    void anInterruptEndsTheWaitingNotTheClosing() throws Exception {
        PoolKey<Resource> key = register("a");
        PoolLease<Resource> lease = registry.lease(key);
        var closer = new Thread(() -> registry.close(Duration.ofSeconds(5)));
        closer.start();
        await().until(() -> stateOf(key) == PoolState.CLOSED);
        closer.interrupt();
        closer.join(10_000);
        assertThat(closer.isAlive()).isFalse();
        lease.close();
        await().until(() -> provider.pools().get(0).closes() == 1);
    }

    @Test
    void endsTheThreadsItMade() {
        PoolRegistry own = PoolRegistry.builder().provider(provider).build();
        own.lease(own.register(FakePoolProvider.spec("own"), Resource.class)).close();
        own.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("memfuse-")));
    }
}
