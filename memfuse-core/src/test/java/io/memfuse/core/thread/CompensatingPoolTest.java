package io.memfuse.core.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Platform threads for work that may wait for a database which never answers. */
@Timeout(60)
class CompensatingPoolTest {

    private static final int BOUND = 2;
    private static final int HARD_BOUND = 5;

    private final ManualTime time = new ManualTime();
    private final CompensatingPool pool = new CompensatingPool("test", BOUND, HARD_BOUND, time.scheduler(), time);
    private final AtomicInteger begun = new AtomicInteger();
    private final List<CountDownLatch> answers = new ArrayList<>();

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    /** Starts work that waits until its latch in {@code answers} is opened. */
    private void hang() {
        var answer = new CountDownLatch(1);
        answers.add(answer);
        pool.execute(() -> {
            begun.incrementAndGet();
            awaitQuietly(answer);
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hang(int tasks) {
        for (int i = 0; i < tasks; i++) {
            hang();
        }
    }

    private void awaitBegun(int tasks) {
        await().until(() -> begun.get() == tasks);
    }

    @Test
    void runsNoMoreThanTheBoundOfWorkThatMakesProgress() {
        hang(BOUND + 1);
        awaitBegun(BOUND);
        time.advance(CompensatingPool.PATIENCE.minusNanos(1));
        assertThat(pool.getPoolSize()).isEqualTo(BOUND);
        answers.get(0).countDown();
        awaitBegun(BOUND + 1);
        assertThat(pool.getPoolSize()).isEqualTo(BOUND);
    }

    @Test
    void doesNotCountWhatHasBeenWaitingForLong() {
        hang(BOUND);
        awaitBegun(BOUND);
        time.advance(CompensatingPool.PATIENCE);
        hang(2 * BOUND);
        time.advance(Duration.ZERO);
        awaitBegun(2 * BOUND);
        assertThat(pool.getQueue()).hasSize(BOUND);
    }

    @Test
    void givesWorkToAThreadThatIsIdleBeforeItStartsAnother() throws Exception {
        for (int i = 0; i < 10; i++) {
            var worker = new CompletableFuture<Thread>();
            pool.execute(() -> worker.complete(Thread.currentThread()));
            worker.get(10, TimeUnit.SECONDS);
            await().pollDelay(Duration.ZERO).until(() -> ((TransferQueue<?>) pool.getQueue()).hasWaitingConsumer());
        }
        assertThat(pool.getLargestPoolSize()).isEqualTo(1);
        assertThat(pool.getCompletedTaskCount()).isEqualTo(10);
    }

    @Test
    void runsNoMoreThanTheHardBoundWhateverWaits() {
        hang(HARD_BOUND + 1);
        awaitBegun(BOUND);
        for (int round = 0; round < 2; round++) {
            time.advance(CompensatingPool.PATIENCE);
            awaitBegun(Math.min(HARD_BOUND, (2 + round) * BOUND));
        }
        time.advance(CompensatingPool.PATIENCE.multipliedBy(10));
        assertThat(pool.getPoolSize()).isEqualTo(HARD_BOUND);
        assertThat(pool.getQueue()).hasSize(1);
        answers.get(0).countDown();
        awaitBegun(HARD_BOUND + 1);
    }

    @Test
    void goesBackToTheBoundWhenTheWaitingHasEnded() {
        hang(2 * BOUND);
        awaitBegun(BOUND);
        time.advance(CompensatingPool.PATIENCE);
        awaitBegun(2 * BOUND);
        answers.forEach(CountDownLatch::countDown);
        await().until(() -> pool.getActiveCount() == 0);
        time.advance(CompensatingPool.PATIENCE);
        assertThat(pool.getCorePoolSize()).isEqualTo(BOUND);
        assertThat(time.scheduled()).isZero();
        await().until(() -> pool.getPoolSize() <= BOUND);
        begun.set(0);
        hang(BOUND + 1);
        awaitBegun(BOUND);
        assertThat(pool.getQueue()).hasSize(1);
    }

    @Test
    void looksAtNoClockWhileNothingHasToWait() {
        hang(BOUND);
        awaitBegun(BOUND);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void takesNoWorkAndLeavesNoTimerWhenShutDown() {
        hang(BOUND + 1);
        awaitBegun(BOUND);
        pool.shutdownNow();
        time.advance(CompensatingPool.PATIENCE.multipliedBy(2));
        assertThat(time.scheduled()).isZero();
        await().until(pool::isTerminated);
    }

    @Test
    void doesTheWorkAlsoIfThereIsNoMemoryToNoteItsBeginning() throws Exception {
        var noMemory = new CompensatingPool("no-memory", BOUND, HARD_BOUND, time.scheduler(), () -> {
            throw new OutOfMemoryError("for a test");
        });
        var done = new CountDownLatch(2 * BOUND);
        for (int i = 0; i < 2 * BOUND; i++) {
            noMemory.execute(done::countDown);
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        noMemory.shutdownNow();
    }

    @Test
    void doesTheWorkAlsoIfThereIsNoSchedulerAnyMore() {
        time.scheduler().shutdownNow();
        hang(BOUND + 1);
        awaitBegun(BOUND);
        answers.get(0).countDown();
        awaitBegun(BOUND + 1);
    }
}
