package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The timers of a registry. */
class RegistryEngineTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final EngineThreads threads = TestThreads.onCaller(time);
    private final RegistryEngine engine = new RegistryEngine(
            threads,
            PoolListener.NONE,
            time,
            new Backoff(SECOND, SECOND, RandomGenerator.getDefault()),
            SECOND,
            HolderTracking.OFF);
    private final CompletableFuture<@Nullable Void> future = new CompletableFuture<>();

    private Deadline inASecond() {
        return Deadline.after(SECOND, time);
    }

    @Nested
    class ACompletion {

        @Test
        void comesWhenTheTimeIsUp() {
            engine.scheduleCompletion(future, inASecond());
            time.advance(SECOND.minusNanos(1));
            assertThat(future).isNotDone();
            time.advance(Duration.ofNanos(1));
            assertThat(future).isCompleted();
        }

        @Test
        void comesAtOnceIfTheTimeIsUp() {
            engine.scheduleCompletion(future, Deadline.after(Duration.ZERO, time));
            assertThat(future).isCompleted();
            assertThat(time.scheduled()).isZero();
        }

        @Test
        void comesAtOnceIfTheEngineHasEnded() {
            threads.close();
            engine.scheduleCompletion(future, inASecond());
            assertThat(future).isCompleted();
        }

        @Test
        void leavesNoTimerBehindIfItIsCompleteBefore() {
            engine.scheduleCompletion(future, inASecond());
            assertThat(time.scheduled()).isEqualTo(1);
            future.complete(null);
            assertThat(time.scheduled()).isZero();
        }
    }

    @Nested
    class ATimeout {

        private void schedule() {
            engine.scheduleTimeout(future, inASecond(), () -> new TimeoutException("too late"));
        }

        private void assertTimedOut() {
            assertThat(future)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(TimeoutException.class)
                    .withMessageContaining("too late");
        }

        @Test
        void comesWhenTheTimeIsUp() {
            schedule();
            time.advance(SECOND.minusNanos(1));
            assertThat(future).isNotDone();
            time.advance(Duration.ofNanos(1));
            assertTimedOut();
        }

        @Test
        void comesAtOnceIfTheEngineHasEnded() {
            threads.close();
            schedule();
            assertTimedOut();
        }

        @Test
        void leavesNoTimerBehindIfItIsCompleteBefore() {
            schedule();
            assertThat(time.scheduled()).isEqualTo(1);
            future.complete(null);
            assertThat(time.scheduled()).isZero();
        }

        @Test
        void isNotWaitedForIfAllIsComplete() {
            future.complete(null);
            schedule();
            assertThat(time.scheduled()).isZero();
            assertThat(future).isCompleted();
        }
    }

    @Nested
    class WhatCallersWaitFor {

        private final CompletableFuture<String> stage = new CompletableFuture<>();

        @Test
        void completesWithTheValue() {
            CompletableFuture<String> told = engine.forCaller(stage);
            assertThat(told).isNotDone();
            stage.complete("value");
            assertThat(told).isCompletedWithValue("value");
        }

        @Test
        void failsWithTheFailure() {
            CompletableFuture<String> told = engine.forCaller(stage);
            stage.completeExceptionally(new IllegalStateException("refused"));
            assertThat(told).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("refused");
        }

        @Test
        void isTheStageItselfIfThatIsComplete() {
            stage.complete("value");
            assertThat(engine.forCaller(stage)).isSameAs(stage);
        }

        @Test
        void cannotBeEndedByThem() {
            engine.forCaller(stage).complete("their own");
            assertThat(stage).isNotDone();
        }
    }
}
