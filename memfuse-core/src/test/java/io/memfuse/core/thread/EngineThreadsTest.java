package io.memfuse.core.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineThreadsTest {

    private final EngineThreads threads = EngineThreads.create();

    @Test
    void runsMoreBlockingWorkAtOnceThanThereAreCores() throws Exception {
        int tasks = 4 * Runtime.getRuntime().availableProcessors();
        var together = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            threads.openers().execute(() -> {
                together.countDown();
                awaitQuietly(together);
            });
        }
        assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
        threads.close();
    }

    @Test
    void workThatWaitsForWhatNeverAnswersHoldsUpNoOther() throws Exception {
        for (ExecutorService executor : List.of(
                threads.callbacks(), threads.openers(), threads.workers(), threads.closers(), threads.loaders())) {
            for (int i = 0; i < 200; i++) {
                executor.execute(() -> awaitQuietly(new CountDownLatch(1)));
            }
            var done = new CountDownLatch(1);
            executor.execute(done::countDown);
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        threads.close();
        assertThat(threads.awaitTermination(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void interruptsWhatIsUnderWayWhenClosed() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        threads.loaders().execute(() -> {
            begun.countDown();
            interrupted.set(!awaitQuietly(new CountDownLatch(1)));
        });
        begun.await();
        threads.close();
        assertThat(threads.awaitTermination(Duration.ofSeconds(10))).isTrue();
        assertThat(interrupted).isTrue();
    }

    @Test
    void schedulesOnADaemonThreadOfItsOwnName() throws Exception {
        var name = threads.scheduler()
                .schedule(
                        () -> Thread.currentThread().getName()
                                + Thread.currentThread().isDaemon(),
                        0,
                        TimeUnit.SECONDS)
                .get();
        assertThat(name).isEqualTo("memfuse-scheduler-1true");
        threads.close();
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void callersAreToldThoughTheyAreMoreThanThreadsWhenItIsClosed() throws Exception {
        var closed = new CountDownLatch(1);
        var told = new CountDownLatch(500);
        for (int i = 0; i < 500; i++) {
            threads.callbacks().execute(() -> {
                awaitQuietly(closed);
                told.countDown();
            });
        }
        threads.close();
        closed.countDown();
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
