package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An opening for which there is no memory, or no thread, where it is least expected: it ends all the same. */
@Timeout(60)
class OpeningWithoutMemoryTest extends RegistryFixture {

    /** The step of an opening that finds no memory the next time. First, for the clock is read as the others are made. */
    private volatile String failing = "";

    private final EngineThreads direct = TestThreads.onCaller(time);
    private final PoolRegistry poor =
            builder().threads(direct).ticker(this::nanoTime).build();
    private final PoolKey<Resource> key = poor.register(FakePoolProvider.spec("x"), Resource.class);

    private long nanoTime() {
        String step = failing;
        if (!step.isEmpty() && isCalledBy(step)) {
            failing = "";
            throw new OutOfMemoryError("for a test");
        }
        return time.nanoTime();
    }

    private static boolean isCalledBy(String step) {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(Opener.class.getName())
                        && frame.getMethodName().equals(step)));
    }

    @AfterEach
    void closePoor() {
        poor.close(Duration.ZERO);
    }

    private void refuse() {
        provider.script("x", (spec, context) -> {
            throw new IOException("refused");
        });
    }

    @Test
    void isMadeAnewIfItsFailureCannotBeTold() {
        refuse();
        failing = "fail";
        assertThatThrownBy(() -> poor.lease(key, Duration.ofSeconds(5))).isInstanceOf(PoolOpenException.class);
        assertThat(poor.snapshot(key).state()).isEqualTo(PoolState.REGISTERED);
        provider.heal("x");
        poor.lease(key).close();
    }

    @Test
    void leavesThePoolThatServesIfTheFailureOfItsReplacementCannotBeTold() {
        poor.lease(key).close();
        refuse();
        failing = "fail";
        assertThat(future(poor.replace(key, FakePoolProvider.spec("x", 1, 2)))).isCompletedExceptionally();
        assertThat(poor.durable(key).use()).isEqualTo(1);
        provider.heal("x");
        assertThat(future(poor.replace(key, FakePoolProvider.spec("x", 1, 2)))).isCompleted();
        assertThat(poor.durable(key).use()).isEqualTo(2);
    }

    @Test
    void failsIfItCannotWaitForTheOneBefore() {
        CountDownLatch go = holdUp("x");
        var opening = callers.submit(() -> poor.warmUp(key));
        await().until(() -> provider.attempts() == 1);
        poor.remove(key);
        PoolKey<Resource> again = poor.register(FakePoolProvider.spec("x"), Resource.class);
        failing = "beginAfter";
        assertThat(future(poor.warmUp(again)))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(PoolOpenException.class);
        assertThat(poor.snapshot(again).state()).isEqualTo(PoolState.FAILED);
        go.countDown();
        assertThat(opening).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void isToldThatAllIsClosedIfItsFillingFoundNoThread() {
        ExecutorService full = new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable work) {
                // It waits for a thread, and is dropped as it waits.
            }
        };
        PoolRegistry busy = builder()
                .threads(new EngineThreads(
                        time.scheduler(),
                        direct.callbacks(),
                        direct.openers(),
                        direct.workers(),
                        direct.closers(),
                        full))
                .build();
        CompletableFuture<PoolStats> warm =
                future(busy.warmUp(busy.register(FakePoolProvider.spec("y"), Resource.class)));
        assertThat(warm).isNotDone();
        busy.close();
        assertThat(warm)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(PoolClosedException.class);
    }
}
