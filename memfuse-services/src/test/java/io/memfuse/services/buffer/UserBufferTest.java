package io.memfuse.services.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.time.Ticker;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UserBufferTest {

    /** Ten units of space, batches of three; records of one letter weigh one unit. */
    private static final BufferSettings SETTINGS = new BufferSettings(
            10,
            3,
            Duration.ofMillis(200),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofMillis(300));

    private final ManualTime time = new ManualTime();
    private final TaskQueue tasks = new TaskQueue();
    private final FakeSink sink = new FakeSink();
    private final UserBuffer buffer = buffer(SETTINGS, time);
    private final BufferChannel<String> channel = buffer.open("letters", sink);

    private UserBuffer buffer(BufferSettings settings, Ticker ticker) {
        return new UserBuffer(new FakeContext(time.scheduler(), tasks, ticker), settings, new SplittableRandom(1));
    }

    private void accept(String... records) throws InterruptedException {
        for (String record : records) {
            channel.accept(record);
        }
    }

    private void advance(int millis) {
        time.advance(Duration.ofMillis(millis));
        tasks.runAll();
    }

    /** Work on a thread of its own. */
    private static final class Elsewhere extends FutureTask<Object> {

        private final Thread thread = new Thread(this, "elsewhere");

        Elsewhere(Callable<Object> work) {
            super(work);
            thread.setDaemon(true);
        }

        static Elsewhere start(Callable<Object> work) {
            var elsewhere = new Elsewhere(work);
            elsewhere.thread.start();
            return elsewhere;
        }

        void awaitParked() {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
    }

    private static Throwable failureOf(FutureTask<?> task) {
        try {
            throw new AssertionError("did not fail: " + task.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static BufferException.Code codeOf(Throwable failure) {
        assertThat(failure).isInstanceOf(BufferException.class);
        return ((BufferException) failure).code();
    }

    @Nested
    class Batches {

        @Test
        void areWrittenAtOnceWhenComplete() throws Exception {
            accept("a", "b", "c");
            tasks.runAll();

            assertThat(sink.batches).containsExactly(List.of("a", "b", "c"));
        }

        @Test
        void areWrittenIncompleteWhenTheOldestRecordHasItsAge() throws Exception {
            accept("a");
            advance(150);
            accept("b");
            advance(49);
            assertThat(sink.batches).isEmpty();
            advance(1);

            assertThat(sink.batches).containsExactly(List.of("a", "b"));
        }

        @Test
        void keepTheOrderAndLeaveTheRestForItsAge() throws Exception {
            accept("a", "b", "c", "d", "e", "f", "g");
            tasks.runAll();
            assertThat(sink.batches).containsExactly(List.of("a", "b", "c"), List.of("d", "e", "f"));
            advance(200);

            assertThat(sink.batches).endsWith(List.of("g"));
        }

        @Test
        void areWrittenOnTheExecutorAndNeverOnTheScheduler() throws Exception {
            accept("a");
            time.advance(Duration.ofMillis(200));

            assertThat(sink.attempts).hasValue(0);
            assertThat(tasks.size()).isOne();
        }

        @Test
        void takeOneTimerWhateverIsAcceptedAndNoneOnceAllIsWritten() throws Exception {
            accept("a", "b", "c", "d", "e");
            assertThat(time.scheduled()).isOne();
            tasks.runAll();
            accept("f", "g");
            tasks.runAll();
            assertThat(time.scheduled()).isOne();
            advance(200);

            assertThat(sink.table).hasSize(7);
            assertThat(time.scheduled()).isZero();
            assertThat(tasks.size()).isZero();
        }

        @Test
        void ofOneChannelDoNotWaitForAnotherThatFails() throws Exception {
            var other = new FakeSink();
            BufferChannel<String> otherChannel = buffer.open("others", other);
            sink.down = true;
            accept("a");
            otherChannel.accept("x");
            advance(200);
            otherChannel.accept("y");
            advance(200);

            assertThat(sink.table).isEmpty();
            assertThat(other.table).containsExactly("x", "y");
        }

        @Test
        void areCounted() throws Exception {
            sink.poison = Set.of("b");
            accept("a", "b", "c", "d");
            tasks.runAll();

            assertThat(channel.stats()).isEqualTo(new BufferStats(1, 1, 10, 2, 1, 0));
            assertThat(channel.stats())
                    .hasToString("waiting 1, space used 1 of 10, written 2, refused 1, failed writes 0");
        }
    }

    @Nested
    class PushBack {

        private void fill() throws InterruptedException {
            accept("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        }

        @Test
        void refusesWhenNoSpaceBecomesFree() throws Exception {
            fill();

            assertThatThrownBy(() -> accept("x"))
                    .isInstanceOfSatisfying(
                            BufferException.class, e -> assertThat(e.code()).isEqualTo(BufferException.Code.FULL))
                    .hasMessageStartingWith("[MemFuse/BufferFull] buffer 'letters' of user 'alice': no space")
                    .hasMessageContaining("waiting 10, space used 10 of 10");
            tasks.runAll();
            advance(200);
            assertThat(sink.table).hasSize(10).doesNotContain("x");
        }

        @Test
        void namesTheFailureThatKeepsItFull() throws Exception {
            sink.down = true;
            fill();
            tasks.runAll();

            assertThatThrownBy(() -> accept("x"))
                    .hasMessageContaining("the last write failed")
                    .hasCauseInstanceOf(SQLTransientException.class);
        }

        @Test
        void acceptsAsSoonAsThereIsSpace() throws Exception {
            BufferSettings patient = new BufferSettings(
                    3,
                    3,
                    SETTINGS.maxAge(),
                    Duration.ofSeconds(10),
                    SETTINGS.minBackoff(),
                    SETTINGS.maxBackoff(),
                    SETTINGS.closeTimeout());
            BufferChannel<String> small = buffer(patient, time).open("small", sink);
            for (String record : List.of("a", "b", "c")) {
                small.accept(record);
            }
            Elsewhere waiting = Elsewhere.start(() -> {
                small.accept("d");
                return "accepted";
            });
            waiting.awaitParked();
            tasks.runAll();

            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("accepted");
            assertThat(small.stats().waiting()).isOne();
        }

        @Test
        void measuresSpaceByWeight() throws Exception {
            accept("aaaa", "bbbb");

            assertThat(channel.stats().usedSpace()).isEqualTo(8);
            assertThatThrownBy(() -> accept("ccc")).isInstanceOf(BufferException.class);
            accept("dd");
            advance(200);
            assertThat(channel.stats().usedSpace()).isZero();
        }

        @Test
        void takesARecordHeavierThanAllItsSpaceWhenItIsEmpty() throws Exception {
            accept("a".repeat(100));
            advance(200);

            assertThat(sink.table).containsExactly("a".repeat(100));
            assertThat(channel.stats().usedSpace()).isZero();
        }

        @Test
        void endsWithAnInterruptAndWithoutTheRecord() throws Exception {
            fill();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> accept("x")).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(channel.stats().waiting()).isEqualTo(10);
        }

        @Test
        void endsForAllWhoWaitWhenTheChannelIsClosed() throws Exception {
            BufferSettings patient = new BufferSettings(
                    3,
                    3,
                    SETTINGS.maxAge(),
                    Duration.ofSeconds(60),
                    SETTINGS.minBackoff(),
                    SETTINGS.maxBackoff(),
                    SETTINGS.closeTimeout());
            BufferChannel<String> small = buffer(patient, time).open("small", sink);
            small.accept("aaa");
            sink.gate = new CountDownLatch(1);
            List<Elsewhere> waiting = List.of(
                    Elsewhere.start(() -> accepted(small, "b")),
                    Elsewhere.start(() -> accepted(small, "ccc")),
                    Elsewhere.start(() -> accepted(small, "dd")));
            Elsewhere closing = Elsewhere.start(() -> {
                small.close();
                return "closed";
            });

            for (Elsewhere one : waiting) {
                assertThat(codeOf(failureOf(one))).isEqualTo(BufferException.Code.CLOSED);
            }
            sink.gate.countDown();
            assertThat(closing.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
            assertThat(sink.table).containsExactly("aaa");
        }

        private Object accepted(BufferChannel<String> target, String record) throws InterruptedException {
            target.accept(record);
            return "accepted";
        }
    }

    @Nested
    class FailedWrites {

        @Test
        void keepTheRecordsAndAreTriedAgainAfterAPause() throws Exception {
            sink.faults.add(FakeSink.Fault.REFUSE_ALL);
            accept("a", "b", "c");
            tasks.runAll();
            assertThat(sink.table).isEmpty();
            assertThat(channel.stats().waiting()).isEqualTo(3);
            advance(100);

            assertThat(sink.table).containsExactly("a", "b", "c");
            assertThat(channel.stats().failedWrites()).isOne();
        }

        @Test
        void areNotRepeatedDuringThePauseHoweverManyRecordsCome() throws Exception {
            sink.down = true;
            accept("a", "b", "c");
            tasks.runAll();
            accept("d", "e", "f", "g");
            advance(49);

            assertThat(sink.attempts).hasValue(1);
        }

        @Test
        void pauseLongerEachTimeUpToABound() throws Exception {
            sink.down = true;
            accept("a", "b", "c");
            tasks.runAll();
            for (int bound : new int[] {100, 200, 400, 400, 400}) {
                int before = sink.attempts.get();
                advance(bound / 2 - 1);
                assertThat(sink.attempts).hasValue(before);
                advance(bound / 2 + 1);
                assertThat(sink.attempts).hasValue(before + 1);
            }
        }

        @Test
        void whoseAnswerGotLostAreNotWrittenTwice() throws Exception {
            sink.faults.add(FakeSink.Fault.LOSE_ANSWER);
            accept("a", "b", "c", "d");
            tasks.runAll();
            advance(200);

            assertThat(sink.table).containsExactly("a", "b", "c", "d");
            assertThat(sink.batches).containsExactly(List.of("a", "b", "c"), List.of("a", "b", "c"), List.of("d"));
        }

        @Test
        void areLoggedWithoutWhatTheDriverSaysOfTheRecords() throws Exception {
            var logger = (Logger) LoggerFactory.getLogger(QueuedChannel.class);
            Level before = logger.getLevel();
            var log = new ListAppender<ILoggingEvent>();
            log.start();
            logger.addAppender(log);
            logger.setAdditive(false);
            logger.setLevel(Level.DEBUG);
            try {
                BufferChannel<String> telling = buffer.open("telling", records -> {
                    throw new SQLException("insert of " + records, "08006");
                });
                telling.accept("secret");
                advance(200);
                advance(100);
            } finally {
                logger.detachAppender(log);
                logger.setAdditive(true);
                logger.setLevel(before);
            }

            assertThat(log.list)
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event.getFormattedMessage())
                            .startsWith("buffer 'telling' of user 'alice': ")
                            .contains("java.sql.SQLException, SQLSTATE 08006")
                            .doesNotContain("secret"));
            assertThat(log.list)
                    .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
        }

        @Test
        void areForgottenOnceOneWentWell() throws Exception {
            sink.faults.addAll(List.of(FakeSink.Fault.REFUSE_ALL, FakeSink.Fault.REFUSE_ALL));
            accept("a", "b", "c");
            tasks.runAll();
            advance(100);
            advance(200);
            assertThat(sink.table).hasSize(3);
            accept("d", "e", "f");
            tasks.runAll();

            assertThat(sink.table).hasSize(6);
        }
    }

    @Nested
    class RecordsThatCanNeverBeWritten {

        @Test
        void areFoundAndGivenUpAndStopNoOthers() throws Exception {
            sink.poison = Set.of("b", "f");
            accept("a", "b", "c", "d", "e", "f", "g");
            tasks.runAll();
            advance(200);

            assertThat(sink.table).containsExactly("a", "c", "d", "e", "g");
            assertThat(sink.refused).containsExactly("b", "f");
            assertThat(channel.stats().refused()).isEqualTo(2);
            assertThat(channel.stats().usedSpace()).isZero();
        }

        @Test
        void areNotMistakenForOthersWhenTheDatabaseFailsMeanwhile() throws Exception {
            sink.poison = Set.of("c");
            // The first attempt meets the poison, the second writes the first half, the third fails.
            var failing = new FailingOnThird(sink);
            BufferChannel<String> other = buffer.open("failing", failing);
            for (String record : List.of("a", "b", "c")) {
                other.accept(record);
            }
            tasks.runAll();
            advance(200);

            assertThat(sink.table).containsExactly("a", "b");
            assertThat(other.stats().written()).isEqualTo(2);
            assertThat(other.stats().refused()).isOne();
        }

        @Test
        void areGivenUpEvenIfTheSinkFailsWhenTold() throws Exception {
            BufferChannel<String> other = buffer.open("rude", new BufferSink<String>() {
                @Override
                public void write(List<String> records) throws RefusedRecordException {
                    throw new RefusedRecordException(new IllegalArgumentException("poison"));
                }

                @Override
                public void refused(String record, RefusedRecordException why) {
                    throw new IllegalStateException("rude");
                }
            });
            other.accept("a");
            advance(200);

            assertThat(other.stats()).isEqualTo(new BufferStats(0, 0, 10, 0, 1, 0));
        }

        private record FailingOnThird(FakeSink sink) implements BufferSink<String> {

            @Override
            public void write(List<String> records) throws Exception {
                if (sink.attempts.get() == 2) {
                    sink.attempts.incrementAndGet();
                    throw new SQLTransientException("down");
                }
                sink.write(records);
            }
        }
    }

    @Nested
    class Flush {

        @Test
        void writesAllAtOnceOnTheCallersThread() throws Exception {
            accept("a", "b", "c", "d");
            channel.flush(Duration.ofSeconds(1));

            assertThat(sink.table).containsExactly("a", "b", "c", "d");
        }

        @Test
        void doesNothingWhenNothingWaits() throws Exception {
            channel.flush(Duration.ZERO);

            assertThat(sink.attempts).hasValue(0);
        }

        @Test
        void saysWhyNotAllIsWrittenAndTriesOnce() throws Exception {
            sink.down = true;
            accept("a");

            assertThatThrownBy(() -> channel.flush(Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            BufferException.class,
                            e -> assertThat(e.code()).isEqualTo(BufferException.Code.NOT_WRITTEN))
                    .hasMessageContaining("buffer 'letters' of user 'alice'")
                    .hasMessageContaining("waiting 1,")
                    .hasCauseInstanceOf(SQLTransientException.class);
            assertThat(sink.attempts).hasValue(1);
        }

        @Test
        void triesInThePauseOfABackgroundFailureWithoutMakingItLonger() throws Exception {
            sink.down = true;
            accept("a", "b", "c");
            tasks.runAll();
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> channel.flush(Duration.ofSeconds(1))).isInstanceOf(BufferException.class);
            }
            sink.down = false;
            advance(100);

            assertThat(sink.table).containsExactly("a", "b", "c");
        }

        @Test
        void sharesTheFailureOfAWriteUnderWay() throws Exception {
            sink.down = true;
            sink.gate = new CountDownLatch(1);
            accept("a");
            Elsewhere first = Elsewhere.start(this::flush);
            await().until(() -> sink.attempts.get() == 1);
            Elsewhere second = Elsewhere.start(this::flush);
            Elsewhere third = Elsewhere.start(this::flush);
            second.awaitParked();
            third.awaitParked();
            sink.gate.countDown();

            for (Elsewhere one : List.of(first, second, third)) {
                assertThat(codeOf(failureOf(one))).isEqualTo(BufferException.Code.NOT_WRITTEN);
            }
            assertThat(sink.attempts).hasValue(1);
        }

        @Test
        void doesNotWaitForAnothersWriteBeyondItsTime() throws Exception {
            sink.gate = new CountDownLatch(1);
            accept("a");
            Elsewhere slow = Elsewhere.start(this::flush);
            await().until(() -> sink.attempts.get() == 1);

            assertThatThrownBy(() -> channel.flush(Duration.ofMillis(20))).isInstanceOf(BufferException.class);
            sink.gate.countDown();
            assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo("flushed");
        }

        private Object flush() throws InterruptedException {
            channel.flush(Duration.ofSeconds(10));
            return "flushed";
        }
    }

    @Nested
    class Close {

        /** Real time, since closing waits on the caller's own thread. */
        private final UserBuffer realBuffer = buffer(
                new BufferSettings(
                        10,
                        3,
                        Duration.ofMillis(200),
                        Duration.ofMillis(20),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(300)),
                Ticker.system());

        private final BufferChannel<String> real = realBuffer.open("real", sink);

        @Test
        void writesWhatWaitsAndTriesAgain() throws Exception {
            sink.faults.addAll(
                    List.of(FakeSink.Fault.REFUSE_ALL, FakeSink.Fault.LOSE_ANSWER, FakeSink.Fault.REFUSE_ALL));
            for (String record : List.of("a", "b", "c", "d")) {
                real.accept(record);
            }
            realBuffer.close();

            assertThat(sink.table).containsExactly("a", "b", "c", "d");
        }

        @Test
        void namesWhatItCouldNotWriteInTime() throws Exception {
            sink.down = true;
            real.accept("a");

            assertThatThrownBy(realBuffer::close)
                    .isInstanceOfSatisfying(
                            BufferException.class,
                            e -> assertThat(e.code()).isEqualTo(BufferException.Code.NOT_WRITTEN))
                    .hasMessageContaining("closed, and 1 records could not be written")
                    .hasCauseInstanceOf(SQLTransientException.class);
            sink.down = false;
            tasks.runAll();
            assertThat(sink.table).isEmpty();
        }

        @Test
        void acceptsAndOpensNothingMore() {
            realBuffer.close();

            assertThat(codeOf(catchThrowable(() -> real.accept("x")))).isEqualTo(BufferException.Code.CLOSED);
            assertThat(codeOf(catchThrowable(() -> realBuffer.open("y", sink)))).isEqualTo(BufferException.Code.CLOSED);
        }

        @Test
        void ofAChannelLeavesWhatItCannotWriteToTheService() throws Exception {
            sink.down = true;
            real.accept("a");
            assertThatThrownBy(real::close).hasMessageContaining("the records are kept");
            sink.down = false;
            realBuffer.close();

            assertThat(sink.table).containsExactly("a");
        }

        @Test
        void writesEvenIfTheThreadIsInterrupted() throws Exception {
            real.accept("a");
            Thread.currentThread().interrupt();
            realBuffer.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(sink.table).containsExactly("a");
        }

        @Test
        void twiceIsOnce() throws Exception {
            real.accept("a");
            real.close();
            real.close();
            realBuffer.close();
            realBuffer.close();

            assertThat(sink.batches).containsExactly(List.of("a"));
        }
    }
}
