package io.memfuse.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthMonitorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final EngineThreads threads = TestThreads.with(time);
    private final PoolMonitor monitor = new PoolMonitor(1);
    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .listener(monitor)
            .threads(threads)
            .ticker(time)
            .build();
    private final HealthMonitor health = new HealthMonitor(registry, monitor, threads, time, HealthSettings.DEFAULT);
    private final PoolKey<Resource> orders = registry.register(FakePoolProvider.spec("orders"), Resource.class);
    private final Resource durable = registry.durable(orders);

    @AfterEach
    void close() {
        health.close();
        registry.close(Duration.ZERO);
        threads.close();
    }

    private Pool open() {
        durable.use();
        return provider.pools().get(provider.pools().size() - 1);
    }

    private PoolListener adapterOf(Pool pool) {
        return pool.context().listener();
    }

    private PoolException refused() {
        return PoolOpenException.attemptFailed(orders, FailureKind.UNREACHABLE, "refused", Duration.ZERO, null);
    }

    private PoolHealth look() {
        time.advance(SECOND);
        return health.look().pools().get(0);
    }

    @Test
    void nothingIsKnownAgainstAPoolThatNobodyHasAskedFor() {
        assertThat(look().status()).isEqualTo(HealthStatus.UP);
        assertThat(look().reason()).startsWith("not opened yet");
        assertThat(health.health().status()).isEqualTo(HealthStatus.UP);
        assertThat(health.health().reason()).isEqualTo("1 pool, none with a problem");
    }

    @Test
    void aPoolThatCouldNotBeOpenedIsDownAndSaysWhy() {
        provider.script("orders", (spec, context) -> {
            throw refused();
        });
        try {
            durable.use();
        } catch (PoolException expected) {
            // It is down.
        }
        PoolHealth down = look();
        assertThat(down.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(down.reason()).contains("orders").contains("could not connect: refused");
        assertThat(health.health().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(health.health().reason()).isEqualTo("1 of 1 pools down: " + orders);
    }

    @Test
    void oneDeadNeighbourDegradesTheWhole() {
        registry.register(FakePoolProvider.spec("zebra"), Resource.class);
        Pool pool = open();
        adapterOf(pool).connectFailed(orders, refused());
        look();
        assertThat(health.health().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(health.health().pools())
                .extracting(PoolHealth::status)
                .containsExactly(HealthStatus.DOWN, HealthStatus.UP);
    }

    @Test
    void aPoolThatServesWithWhatItHasIsDegraded() {
        Pool pool = open();
        adapterOf(pool).connectFailed(orders, refused());
        pool.lend(1);
        assertThat(look().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(look().reason())
                .startsWith("serves with the connections that it has")
                .contains("refused");
    }

    @Test
    void onceItServesNobodyItIsDown() {
        Pool pool = open();
        adapterOf(pool).connectFailed(orders, refused());
        pool.lend(1);
        assertThat(look().status()).isEqualTo(HealthStatus.DEGRADED);

        adapterOf(pool).connectFailed(orders, refused());
        assertThat(look().status()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void withoutAnyConnectionItIsDownAtOnce() {
        Pool pool = open();
        pool.lend(1);
        adapterOf(pool).connectFailed(orders, refused());
        pool.connections(0);
        assertThat(look().status()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void oneLoginBringsItBack() {
        Pool pool = open();
        adapterOf(pool).connectFailed(orders, refused());
        assertThat(look().status()).isEqualTo(HealthStatus.DOWN);

        adapterOf(pool).connected(orders, 1);
        assertThat(look().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void requestsThatGiveUpDegradeItForAWhile() {
        Pool pool = open();
        adapterOf(pool).timedOut(orders, 1);
        adapterOf(pool).timedOut(orders, 1);
        PoolHealth degraded = look();
        assertThat(degraded.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(degraded.reason()).startsWith("2 requests gave up waiting for a connection in the last 10.0 s");

        time.advance(Duration.ofSeconds(10));
        assertThat(look().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void tellsForHowLongItIsSo() {
        Pool pool = open();
        look();
        adapterOf(pool).connectFailed(orders, refused());
        assertThat(look().forLong()).isZero();
        assertThat(look().forLong()).isEqualTo(SECOND);
        adapterOf(pool).connected(orders, 1);
        assertThat(look().forLong()).isZero();
    }

    @Test
    void aSilentPoolIsProbedAndFoundDead() {
        Pool pool = open();
        pool.scriptProbe((spec, context) -> {
            throw refused();
        });
        look();
        time.advance(Duration.ofSeconds(30));
        look();
        await().untilAsserted(
                        () -> assertThat(health.look().pools().get(0).status()).isEqualTo(HealthStatus.DOWN));

        pool.scriptProbe((spec, context) -> {});
        time.advance(Duration.ofSeconds(30));
        look();
        await().untilAsserted(
                        () -> assertThat(health.look().pools().get(0).status()).isEqualTo(HealthStatus.UP));
    }

    @Test
    void aPoolThatServesIsNotProbed() {
        var probes = new AtomicInteger();
        Pool pool = open();
        pool.scriptProbe((spec, context) -> probes.incrementAndGet());
        for (int i = 0; i < 60; i++) {
            pool.lend(1);
            look();
        }
        assertThat(probes).hasValue(0);

        time.advance(Duration.ofSeconds(30));
        look();
        await().untilAtomic(probes, value -> assertThat(value).isEqualTo(1));
    }

    @Test
    void aPoolThatFailedAndServesIsProbedWhenNobodyTriesAnyMore() {
        Pool pool = open();
        adapterOf(pool).connectFailed(orders, refused());
        pool.lend(1);
        assertThat(look().status()).isEqualTo(HealthStatus.DEGRADED);
        for (int i = 0; i < 31; i++) {
            pool.lend(1);
            look();
        }
        await().untilAsserted(
                        () -> assertThat(health.look().pools().get(0).status()).isEqualTo(HealthStatus.UP));
    }

    @Test
    void aProbeThatHangsIsADeadDatabase() {
        Pool pool = open();
        var asked = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        pool.scriptProbe((spec, context) -> {
            asked.countDown();
            never.await();
        });
        look();
        time.advance(Duration.ofSeconds(30));
        look();
        FakePoolProvider.awaitUninterruptibly(asked);
        time.advance(HealthSettings.DEFAULT.probeTimeout());
        await().untilAsserted(() -> {
            PoolHealth found = health.look().pools().get(0);
            assertThat(found.status()).isEqualTo(HealthStatus.DOWN);
            assertThat(found.reason()).contains("no answer to a probe");
        });
        never.countDown();
    }

    @Test
    void keepsNothingForAPoolThatIsGone() {
        open();
        look();
        assertThat(monitor.activities()).containsKey(orders);
        registry.evict(orders).toCompletableFuture().join();
        look();
        look();
        assertThat(monitor.activities()).isEmpty();
        assertThat(monitor.total().opened()).isEqualTo(1);
    }

    @Test
    void looksByItself() {
        health.start();
        open();
        time.advance(SECOND);
        await().untilAsserted(() -> assertThat(health.health().pools()).hasSize(1));
    }

    @Test
    void aPoolThatWasClosedAsItFailedBeginsAnew() {
        Pool failing = open();
        adapterOf(failing).connected(orders, 1);
        adapterOf(failing).connectFailed(orders, refused());
        assertThat(look().status()).isEqualTo(HealthStatus.DOWN);
        registry.evict(orders).toCompletableFuture().join();
        assertThat(look().status()).isEqualTo(HealthStatus.UP);

        Pool next = open();
        adapterOf(next).connected(orders, 1);
        assertThat(look().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void looksOnAfterThereWasNoThreadForALook() {
        var without = new AtomicInteger(1);
        var workers = new ForwardingWorkers(threads.workers(), without);
        var poor = new EngineThreads(
                threads.scheduler(),
                threads.callbacks(),
                threads.openers(),
                workers,
                threads.closers(),
                threads.loaders());
        var looking = new HealthMonitor(registry, monitor, poor, time, HealthSettings.DEFAULT);
        looking.start();
        time.advance(SECOND);
        assertThat(without).hasValue(0);
        time.advance(SECOND);
        await().untilAsserted(() -> assertThat(looking.health().pools()).hasSize(1));
        looking.close();
    }

    /** Has no thread for the first so many. */
    private static final class ForwardingWorkers extends AbstractExecutorService {

        private final ExecutorService workers;
        private final AtomicInteger without;

        ForwardingWorkers(ExecutorService workers, AtomicInteger without) {
            this.workers = workers;
            this.without = without;
        }

        @Override
        public void execute(Runnable work) {
            if (without.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            workers.execute(work);
        }

        @Override
        public void shutdown() {
            workers.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return workers.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return workers.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return workers.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return workers.awaitTermination(timeout, unit);
        }
    }
}
