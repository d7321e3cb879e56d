package io.memfuse.core.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WaitingTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ForkJoinPool own = new ForkJoinPool(1);
    private final CompletableFuture<String> future = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void endThreads() {
        over.countDown();
        own.shutdownNow();
    }

    /** Runs a wait on a thread of a pool that has more work queued, which ends with the test only. */
    private <T> CompletableFuture<T> besideOtherWork(ForkJoinPool pool, Callable<T> wait) {
        var result = new CompletableFuture<T>();
        pool.execute(() -> {
            for (int i = 0; i <= pool.getParallelism(); i++) { // More than its other threads can take.
                CompletableFuture.runAsync(this::untilOver, pool);
            }
            try {
                result.complete(wait.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void untilOver() {
        try {
            assertThat(over.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The JDK's own wait runs other work on the threads of every pool from 22 on, before on those of the common pool if it has
     * more than one.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runsNoOtherWorkOfThePoolWhileItWaits(boolean common) throws Exception {
        var begun = new CountDownLatch(1);
        CompletableFuture<String> waiting = besideOtherWork(common ? ForkJoinPool.commonPool() : own, () -> {
            begun.countDown();
            return Waiting.get(future, LONG);
        });
        begun.await();
        future.completeOnTimeout("done", 100, TimeUnit.MILLISECONDS);
        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo("done");
    }

    @Test
    void runsNoOtherWorkOfThePoolWhileItJoins() throws Exception {
        var begun = new CountDownLatch(1);
        CompletableFuture<String> joining = besideOtherWork(own, () -> {
            begun.countDown();
            return Waiting.join(future);
        });
        begun.await();
        future.completeOnTimeout("done", 100, TimeUnit.MILLISECONDS);
        assertThat(joining).succeedsWithin(PATIENCE).isEqualTo("done");
    }

    @Test
    void waitsNoLongerThanItsTimeoutOnAThreadOfAPool() {
        assertThat(besideOtherWork(own, () -> Waiting.get(future, Duration.ofMillis(20))))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void failsAsTheFutureDoesOnAThreadOfAPool() {
        var cause = new IllegalStateException("failed");
        CompletableFuture<String> waiting = besideOtherWork(own, () -> Waiting.get(future, LONG));
        future.completeExceptionally(cause);
        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ExecutionException.class)
                .hasRootCause(cause);
    }

    @Test
    void isInterruptedOnAThreadOfAPool() {
        assertThat(besideOtherWork(own, () -> {
                    Thread.currentThread().interrupt();
                    return Waiting.get(future, LONG);
                }))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void joinsThoughItIsInterruptedAndSaysSoAfterwards() {
        CompletableFuture<Boolean> interrupted = besideOtherWork(own, () -> {
            Thread.currentThread().interrupt();
            Waiting.join(future);
            return Thread.interrupted();
        });
        future.complete("done");
        assertThat(interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    /** As the common pool is when 256 of its threads wait: it may put no other in the place of the next one. */
    @Test
    void waitsOnAThreadOfAPoolThatHasNoOtherForItsPlace() {
        var full = new ForkJoinPool(
                1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 1, 1, 1, null, 1, TimeUnit.SECONDS);
        Future<String> waiting = full.submit(() -> Waiting.get(future, LONG));
        future.completeOnTimeout("done", 100, TimeUnit.MILLISECONDS);
        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo("done");
        Future<String> late = full.submit(() -> Waiting.get(new CompletableFuture<String>(), Duration.ofMillis(20)));
        assertThat(late)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withRootCauseInstanceOf(TimeoutException.class);
        full.shutdownNow();
    }
}
