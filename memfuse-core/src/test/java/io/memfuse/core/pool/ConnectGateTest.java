package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.ConnectGate.Turn;
import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConnectGateTest {

    private final ManualTime time = new ManualTime();
    private final ConnectGate gate = new ConnectGate(2, Duration.ofSeconds(1), time.scheduler());

    @Test
    void letsSoManyHaveTheirTurnAtOnceInTheOrderTheyCame() {
        CompletableFuture<Turn> one = gate.enter();
        CompletableFuture<Turn> two = gate.enter();
        CompletableFuture<Turn> three = gate.enter();
        CompletableFuture<Turn> four = gate.enter();
        assertThat(Stream.of(one, two)).allMatch(CompletableFuture::isDone);
        assertThat(Stream.of(three, four)).noneMatch(CompletableFuture::isDone);

        two.join().close();

        assertThat(three).isDone();
        assertThat(four).isNotDone();
    }

    @Test
    void aTurnEndsOnce() {
        Turn one = gate.enter().join();
        gate.enter();
        CompletableFuture<Turn> three = gate.enter();
        CompletableFuture<Turn> four = gate.enter();

        one.close();
        one.close();

        assertThat(three).isDone();
        assertThat(four).isNotDone();
    }

    @Test
    void passesOverWhoGaveUp() {
        Turn one = gate.enter().join();
        gate.enter();
        gate.enter().cancel(false);
        CompletableFuture<Turn> four = gate.enter();
        CompletableFuture<Turn> five = gate.enter();

        one.close();

        assertThat(four).isDone();
        assertThat(five).isNotDone();
    }

    @Test
    void aHundredThousandThatEndAtOnceNeedNoMoreStackThanOne() {
        Turn one = gate.enter().join();
        gate.enter();
        List<CompletableFuture<Turn>> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(gate.enter());
        }
        all.forEach(turn -> turn.cancel(false));
        CompletableFuture<Turn> last = gate.enter();

        one.close();

        assertThat(last).isDone();
    }

    @Test
    void refusesToLetNobodyIn() {
        assertThatThrownBy(() -> new ConnectGate(0, Duration.ofSeconds(1), time.scheduler()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("width is 0; accepted: 1 or more");
    }

    @Test
    void goesOnWithoutALimitWhereThereIsNoMemoryForATimer() {
        var noMemory = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
                throw new OutOfMemoryError("for a test");
            }
        };
        var narrow = new ConnectGate(1, Duration.ofSeconds(1), noMemory);
        CompletableFuture<Turn> one = narrow.enter();
        CompletableFuture<Turn> two = narrow.enter();

        one.join().close();

        assertThat(two).isDone();
        noMemory.shutdownNow();
    }

    /** Given up between its being found and its being let in. */
    @Nested
    class WhoGivesUpAtTheLastMoment {

        private final AtomicReference<CompletableFuture<Turn>> givingUp = new AtomicReference<>();
        private final List<Future<?>> timers = new ArrayList<>();
        private boolean timerRunsAtOnce;

        private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
                CompletableFuture<Turn> turn = givingUp.getAndSet(null);
                if (turn != null) {
                    turn.cancel(false);
                    if (timerRunsAtOnce) {
                        command.run();
                    }
                }
                ScheduledFuture<?> scheduled = super.schedule(command, delay, unit);
                timers.add(scheduled);
                return scheduled;
            }
        };
        private final ConnectGate narrow = new ConnectGate(1, Duration.ofHours(1), scheduler);

        @AfterEach
        void shutDown() {
            scheduler.shutdownNow();
        }

        private void giveUp() {
            Turn one = narrow.enter().join();
            givingUp.set(narrow.enter());
            one.close();
        }

        @Test
        void leavesNoTimer() {
            giveUp();

            assertThat(timers).hasSize(2).allMatch(Future::isCancelled);
        }

        @Test
        void freesOnePlaceThoughTheTurnIsOverAlready() {
            timerRunsAtOnce = true;

            giveUp();

            assertThat(narrow.enter()).isDone();
            assertThat(narrow.enter()).isNotDone();
        }
    }

    @Nested
    class WhenALoginHangs {

        @Test
        void itHoldsUpOthersForSoLongAndNoLonger() {
            gate.enter();
            gate.enter();
            CompletableFuture<Turn> three = gate.enter();

            time.advance(Duration.ofMillis(999));
            assertThat(three).isNotDone();

            time.advance(Duration.ofMillis(1));
            assertThat(three).isDone();
        }

        @Test
        void itsEndAfterItsTurnLetsNobodyElseIn() {
            Turn hanging = gate.enter().join();
            time.advance(Duration.ofSeconds(2));
            IntStream.range(0, 2).forEach(i -> gate.enter());
            CompletableFuture<Turn> next = gate.enter();

            hanging.close();

            assertThat(next).isNotDone();
        }

        @Test
        void thereIsNoTimerLeftOfOneThatEnded() {
            gate.enter().join().close();

            assertThat(time.scheduled()).isZero();
        }

        @Test
        void anEngineThatHasEndedEndsNoTurn() {
            ScheduledExecutorService ended = Executors.newSingleThreadScheduledExecutor();
            ended.shutdownNow();
            var late = new ConnectGate(1, Duration.ofSeconds(1), ended);
            CompletableFuture<Turn> one = late.enter();
            CompletableFuture<Turn> two = late.enter();

            one.join().close();

            assertThat(two).isDone();
        }
    }
}
