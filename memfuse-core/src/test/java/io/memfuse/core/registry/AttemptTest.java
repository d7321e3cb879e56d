package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of an attempt: each is done, or skipped, but never both. */
@Timeout(60)
class AttemptTest {

    private final Attempt<Resource> attempt = Attempt.toOpen(FakePoolProvider.spec("orders"), 1, 0);
    private final List<String> done = new ArrayList<>();
    private final ByHand executor = new ByHand();

    private void submit() {
        attempt.submit(executor, () -> done.add("worked"), () -> done.add("skipped"));
    }

    private void follow(CompletableFuture<?> first) {
        attempt.follow(first, () -> done.add("next"), () -> done.add("skipped"));
    }

    @Nested
    class WorkForAnExecutor {

        @Test
        void isDoneOnce() {
            submit();
            assertThat(done).isEmpty();
            executor.runAll();
            attempt.giveUp();
            assertThat(done).containsExactly("worked");
        }

        @Test
        void isSkippedIfTheAttemptIsGivenUpBeforeThereIsAThread() {
            submit();
            attempt.giveUp();
            assertThat(done).containsExactly("skipped");
            executor.runAll();
            attempt.giveUp();
            assertThat(done).containsExactly("skipped");
        }

        @Test
        void isSkippedIfTheAttemptWasGivenUpBeforeItWasSubmitted() {
            attempt.giveUp();
            submit();
            assertThat(done).containsExactly("skipped");
            executor.runAll();
            assertThat(done).containsExactly("skipped");
        }

        @Test
        void isInterruptedIfTheAttemptIsGivenUpMeanwhile() throws Exception {
            var begun = new CountDownLatch(1);
            var interrupted = new CompletableFuture<Boolean>();
            ExecutorService threads = Executors.newSingleThreadExecutor();
            try {
                attempt.submit(
                        threads,
                        () -> {
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            }
                        },
                        () -> interrupted.complete(false));
                begun.await();
                attempt.giveUp();
                assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
            } finally {
                threads.shutdownNow();
            }
        }

        @Test
        void isNeitherDoneNorSkippedIfTheExecutorTakesNone() {
            executor.rejects = true;
            assertThatThrownBy(AttemptTest.this::submit).isInstanceOf(RejectedExecutionException.class);
            attempt.giveUp();
            assertThat(done).isEmpty();
        }

        @Test
        void isDoneIfTheExecutorFailsAfterIt() {
            executor.failsAfterwards = true;
            submit();
            assertThat(done).containsExactly("worked");
        }
    }

    @Nested
    class WorkThatFollows {

        private final CompletableFuture<String> first = new CompletableFuture<>();

        @Test
        void isDoneOnceWhatItWaitsForIsOver() {
            follow(first);
            assertThat(done).isEmpty();
            first.complete("over");
            attempt.giveUp();
            assertThat(done).containsExactly("next");
        }

        @Test
        void isDoneAlsoIfWhatItWaitsForHasFailed() {
            follow(first);
            first.completeExceptionally(new IllegalStateException("failed"));
            assertThat(done).containsExactly("next");
        }

        @Test
        void isSkippedIfTheAttemptIsGivenUpBefore() {
            follow(first);
            attempt.giveUp();
            first.complete("over");
            assertThat(done).containsExactly("skipped");
        }

        @Test
        void isSkippedAtOnceIfTheAttemptWasGivenUpAlready() {
            attempt.giveUp();
            follow(first);
            assertThat(done).containsExactly("skipped");
        }
    }

    @Nested
    class ACallOfTheProvider {

        @Test
        void isKnownByItsThreadForAsLongAsItTakes() throws Throwable {
            assertThat(attempt.isMadeByThisThread()).isFalse();
            boolean elsewhere = attempt.asOpener(() -> {
                done.add("here " + attempt.isMadeByThisThread());
                return CompletableFuture.supplyAsync(attempt::isMadeByThisThread)
                        .get(10, TimeUnit.SECONDS);
            });
            assertThat(elsewhere).isFalse();
            assertThat(done).containsExactly("here true");
            assertThat(attempt.isMadeByThisThread()).isFalse();
        }

        @Test
        void isForgottenIfItFails() {
            assertThatThrownBy(() -> attempt.asOpener(() -> {
                        throw new IllegalStateException("refused");
                    }))
                    .hasMessage("refused");
            assertThat(attempt.isMadeByThisThread()).isFalse();
        }
    }

    /** Does its work when a test says so. */
    private static final class ByHand extends AbstractExecutorService {

        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private boolean rejects;
        private boolean failsAfterwards;

        void runAll() {
            while (!tasks.isEmpty()) {
                Objects.requireNonNull(tasks.poll()).run();
            }
        }

        @Override
        public void execute(Runnable task) {
            if (rejects) {
                throw new RejectedExecutionException("ended");
            }
            if (failsAfterwards) {
                task.run();
                throw new OutOfMemoryError("no thread");
            }
            tasks.add(task);
        }

        @Override
        public void shutdown() {
            rejects = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            rejects = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return rejects;
        }

        @Override
        public boolean isTerminated() {
            return rejects;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return rejects;
        }
    }
}
