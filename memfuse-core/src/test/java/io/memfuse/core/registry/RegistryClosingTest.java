package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a registry whose pools are closed when the test says so; its timer is there until all is over. */
@Timeout(60)
class RegistryClosingTest {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final FakePoolProvider provider = new FakePoolProvider();
    private final EngineThreads threads = TestThreads.onCaller(time);
    private final Queue<Runnable> closings = new ConcurrentLinkedQueue<>();
    private volatile Duration takenToHandOver = Duration.ZERO;
    private final ExecutorService closers =
            new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
                @Override
                public void execute(Runnable task) {
                    closings.add(task);
                    Duration taken = takenToHandOver;
                    takenToHandOver = Duration.ZERO;
                    time.advance(taken);
                }
            };
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(provider)
            .threads(new EngineThreads(
                    threads.scheduler(),
                    threads.callbacks(),
                    threads.openers(),
                    threads.workers(),
                    closers,
                    threads.loaders()))
            .ticker(time)
            .poolIdleTimeout(Duration.ofHours(8))
            .build();
    private final PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders"), Resource.class);

    @BeforeEach
    void open() {
        registry.lease(key).close();
        assertThat(time.scheduled()).as("the timer of the sweep").isEqualTo(1);
    }

    private void closePools() {
        for (Runnable task = closings.poll(); task != null; task = closings.poll()) {
            task.run();
        }
    }

    private void assertAllIsOver() {
        assertThat(time.scheduled()).isZero();
    }

    @Nested
    class APoolThatIsNotClosedInTime {

        @Test
        void isLeftOutOfTheReportsAndInTheLog() {
            takenToHandOver = GRACE;
            try (var log = new RecordedLog(PoolRegistry.class)) {
                assertThat(registry.close(Duration.ZERO)).isEmpty();
                assertThat(log.warnings()).containsExactly("1 pools were not closed after 10.0 s");
            }
            assertAllIsOver();
        }

        @Test
        void isReportedToWhoAsksOnceItIsClosed() {
            takenToHandOver = GRACE;
            registry.close(Duration.ZERO);
            closePools();
            assertThat(registry.close(Duration.ZERO))
                    .extracting(DrainReport::key)
                    .satisfiesExactly(closed -> assertThat(closed).isSameAs(key));
        }
    }

    @Nested
    class AfterAnInterrupt {

        @BeforeEach
        void closeInterrupted() {
            Thread.currentThread().interrupt();
            assertThat(registry.close(Duration.ZERO)).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(time.scheduled()).isPositive();
        }

        @Test
        void itEndsWithTheLastPool() {
            closePools();
            assertThat(provider.pools().get(0).closes()).isEqualTo(1);
            assertAllIsOver();
        }

        @Test
        void itEndsAtTheDeadlineAtTheLatest() {
            time.advance(GRACE.minusNanos(1));
            assertThat(time.scheduled()).isPositive();
            time.advance(Duration.ofNanos(1));
            assertAllIsOver();
        }
    }
}
