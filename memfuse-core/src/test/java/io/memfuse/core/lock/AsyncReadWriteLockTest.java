package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.lock.LockHold.Mode;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AsyncReadWriteLockTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("test", time);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private LockHold mustRead() {
        return Objects.requireNonNull(lock.tryRead(), "not free to read");
    }

    private LockHold mustWrite() {
        return Objects.requireNonNull(lock.tryWrite(), "not free to write");
    }

    private CompletableFuture<LockHold> read() {
        return lock.read().toCompletableFuture();
    }

    private CompletableFuture<LockHold> write() {
        return lock.write().toCompletableFuture();
    }

    @Nested
    class WhenFree {

        @Test
        void admitsManyReaders() {
            try (LockHold one = mustRead();
                    LockHold two = mustRead()) {
                assertThat(one.mode()).isEqualTo(Mode.READ);
                assertThat(two).isNotSameAs(one);
                assertThat(lock.metrics().readersNow()).isEqualTo(2);
            }
            assertThat(lock.metrics().readersNow()).isZero();
        }

        @Test
        void admitsOneWriterAlone() {
            try (LockHold hold = mustWrite()) {
                assertThat(hold.mode()).isEqualTo(Mode.WRITE);
                assertThat(lock.tryWrite()).isNull();
                assertThat(lock.tryRead()).isNull();
                assertThat(lock.metrics().writingNow()).isTrue();
            }
            mustWrite().close();
        }

        @Test
        void completesStagesAtOnce() {
            read().join().close();
            write().join().close();
            assertThat(lock.metrics().contended()).isZero();
        }
    }

    @Nested
    class WhenAReaderIsIn {

        @Test
        void aVainAttemptToWriteKeepsNoReaderOut() {
            LockHold reader = mustRead();
            assertThat(lock.tryWrite()).isNull();
            mustRead().close();
            reader.close();
            mustWrite().close();
        }

        @Test
        void eachReaderMayLeaveInAnyOrder() {
            List<LockHold> readers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                readers.add(mustRead());
            }
            CompletableFuture<LockHold> writer = write();
            Collections.shuffle(readers, new Random(7));
            readers.subList(0, 99).forEach(LockHold::close);
            assertThat(writer).isNotDone();
            readers.get(99).close();
            writer.join().close();
            mustRead().close();
        }
    }

    @Nested
    class WhenHeld {

        @Test
        void makesAWriterWaitForEveryReader() {
            LockHold one = mustRead();
            LockHold two = mustRead();
            CompletableFuture<LockHold> writer = write();
            one.close();
            assertThat(writer).isNotDone();
            two.close();
            assertThat(writer).isCompleted();
        }

        @Test
        void stopsNewReadersWhileAWriterWaits() {
            LockHold reader = mustRead();
            CompletableFuture<LockHold> writer = write();
            assertThat(lock.tryRead()).isNull();
            CompletableFuture<LockHold> lateReader = read();
            assertThat(lateReader).isNotDone();
            reader.close();
            assertThat(lateReader).isNotDone();
            writer.join().close();
            assertThat(lateReader).isCompleted();
        }

        @Test
        void admitsAllWaitingReadersBeforeTheNextWriter() {
            LockHold first = mustWrite();
            CompletableFuture<LockHold> secondWriter = write();
            CompletableFuture<LockHold> readerOne = read();
            CompletableFuture<LockHold> readerTwo = read();
            first.close();
            assertThat(readerOne).isCompleted();
            assertThat(readerTwo).isCompleted();
            assertThat(secondWriter).isNotDone();
            assertThat(lock.metrics().contended()).isEqualTo(2);
            readerOne.join().close();
            readerTwo.join().close();
            assertThat(secondWriter).isCompleted();
        }

        @Test
        void admitsWritersInTheOrderTheyCame() {
            LockHold first = mustWrite();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                write().thenAccept(hold -> {
                    order.add(number);
                    hold.close();
                });
            }
            first.close();
            assertThat(order).containsExactly(0, 1, 2, 3, 4);
        }

        @Test
        void letsAnotherThreadRelease() throws Exception {
            LockHold hold = mustWrite();
            threads.submit(hold::close).get();
            mustRead().close();
        }

        @Test
        void refusesASecondReleaseByName() {
            LockHold hold = mustRead();
            LockHold other = mustRead();
            hold.close();
            assertThatThrownBy(hold::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[MemFuse/LockReleasedTwice] READ hold")
                    .hasMessageContaining("of lock 'test'");
            assertThat(lock.tryWrite()).as("the other reader is still in").isNull();
            other.close();
        }
    }

    @Nested
    class WhenAWaiterGivesUp {

        @Test
        void cancelLeavesTheQueueAtOnce() {
            LockHold reader = mustRead();
            CompletableFuture<LockHold> writer = write();
            assertThat(writer.cancel(false)).isTrue();
            assertThat(lock.metrics().waitingNow()).isZero();
            assertThat(lock.metrics().cancellations()).isEqualTo(1);
            reader.close();
            mustWrite().close();
        }

        @Test
        void cancellingAWriterAdmitsTheReadersItKeptOut() {
            LockHold reader = mustRead();
            CompletableFuture<LockHold> writer = write();
            CompletableFuture<LockHold> kept = read();
            writer.cancel(false);
            assertThat(kept).isCompleted();
            kept.join().close();
            reader.close();
        }

        @Test
        void aWriterWhoseTimeIsUpAdmitsTheReadersItKeptOut() {
            LockHold reader = mustRead();
            CompletableFuture<LockHold> writer = write();
            CompletableFuture<LockHold> kept = read();
            assertThat(writer.completeExceptionally(new TimeoutException())).isTrue();
            assertThat(kept).isCompleted();
            assertThat(lock.metrics().timeouts()).isEqualTo(1);
            kept.join().close();
            reader.close();
            mustWrite().close();
        }

        @Test
        void whoGaveUpStaysSoHoweverOftenItIsAsked() {
            LockHold reader = mustRead();
            CompletableFuture<LockHold> writer = write();
            assertThat(writer.cancel(false)).isTrue();
            assertThat(writer.cancel(false)).isTrue();
            assertThat(writer.completeExceptionally(new TimeoutException())).isFalse();
            assertThat(lock.metrics().cancellations()).isEqualTo(1);
            reader.close();
        }

        @Test
        void cancelFromTheMiddleKeepsTheOrderOfTheOthers() {
            LockHold first = mustWrite();
            CompletableFuture<LockHold> a = write();
            CompletableFuture<LockHold> b = write();
            CompletableFuture<LockHold> c = write();
            b.cancel(false);
            first.close();
            a.join().close();
            assertThat(c).isCompleted();
            c.join().close();
            mustWrite().close();
        }

        @Test
        void aStageThatTimesOutLeavesTheQueue() {
            LockHold first = mustWrite();
            CompletableFuture<LockHold> late = read().orTimeout(1, TimeUnit.MILLISECONDS);
            await().until(late::isCompletedExceptionally);
            assertThat(lock.metrics().waitingNow()).isZero();
            assertThat(lock.metrics().timeouts()).isEqualTo(1);
            first.close();
            mustWrite().close();
        }

        @Test
        void aThreadThatTimesOutIsToldWhoHolds() {
            LockHold first = mustWrite();
            assertThatThrownBy(() -> lock.readBlocking(Duration.ofMillis(5)))
                    .isInstanceOf(LockTimeoutException.class)
                    .hasMessageContaining("[MemFuse/LockTimeout] lock 'test': not granted to READ within 5 ms")
                    .hasMessageContaining("a writer in");
            assertThat(lock.metrics().waitingNow()).isZero();
            first.close();
        }

        @Test
        void anInterruptedThreadLeavesTheQueueAndHoldsNothing() throws Exception {
            LockHold first = mustWrite();
            var outcome = new CompletableFuture<Throwable>();
            var waiting = new Thread(() -> {
                try {
                    lock.writeBlocking(LONG).close();
                } catch (Throwable e) {
                    outcome.complete(e);
                }
            });
            waiting.start();
            await().until(() -> lock.metrics().waitingNow() == 1);
            waiting.interrupt();
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(lock.metrics().waitingNow()).isZero();
            first.close();
            mustWrite().close();
        }

        @Test
        void anInterruptedThreadIsRefusedBeforeItTries() {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> lock.readBlocking(LONG)).isInstanceOf(InterruptedException.class);
            assertThat(lock.metrics().readersNow()).isZero();
        }

        @Test
        void nobodyElseCanCompleteAWaiter() {
            LockHold first = mustWrite();
            CompletableFuture<LockHold> waiter = read();
            List<ThrowingCallable> ways = List.of(
                    () -> waiter.complete(first),
                    () -> waiter.completeAsync(() -> first),
                    () -> waiter.completeAsync(() -> first, Runnable::run),
                    () -> waiter.completeOnTimeout(first, 0, TimeUnit.SECONDS),
                    () -> waiter.obtrudeValue(first),
                    () -> waiter.obtrudeException(new IllegalStateException()));
            assertThat(ways)
                    .allSatisfy(way -> assertThatThrownBy(way)
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("only the lock itself grants a hold"));
            assertThat(waiter).isNotDone();
            assertThat(lock.metrics().waitingNow()).isEqualTo(1);
            first.close();
            waiter.join().close();
        }

        /** What the first of several that are granted together does happens before the others are told. */
        @Test
        void whoeverIsGrantedButNotToldYetCannotGiveUpAnyMore() {
            LockHold first = mustWrite();
            List<Boolean> gaveUp = new ArrayList<>();
            List<CompletableFuture<LockHold>> others = new ArrayList<>();
            CompletableFuture<Void> told = read().thenAccept(hold -> {
                gaveUp.add(others.get(0).cancel(false));
                gaveUp.add(others.get(1).completeExceptionally(new TimeoutException()));
                hold.close();
            });
            others.add(read());
            others.add(read());
            first.close();
            assertThat(told).isCompleted();
            assertThat(gaveUp).containsExactly(false, false);
            others.forEach(other -> other.join().close());
            mustWrite().close();
            assertThat(lock.metrics().cancellations() + lock.metrics().timeouts())
                    .isZero();
        }

        @Test
        void aThreadWhoseTimeIsUpWhenItIsGrantedHasTheLock() throws Exception {
            var clock = new StoppingClock();
            var timed = new AsyncReadWriteLock("timed", clock);
            LockHold reader = Objects.requireNonNull(timed.tryRead());
            var parked = new FutureTask<>(() -> timed.writeBlocking(Duration.ofSeconds(1)));
            var thread = new Thread(parked);
            thread.start();
            await().until(() -> timed.metrics().waitingNow() == 1);
            Future<?> released = clock.stopIn(reader::close);
            // Its time runs out after it was granted and before it is told: it waits for that then.
            await().until(() -> thread.getState() == Thread.State.WAITING);
            clock.goOn();
            parked.get(10, TimeUnit.SECONDS).close();
            released.get(10, TimeUnit.SECONDS);
            assertThat(timed.metrics().timeouts()).isZero();
            assertThat(timed.tryWrite()).isNotNull();
        }

        @Test
        void aThreadInterruptedWhenItIsGrantedGivesTheLockBack() throws Exception {
            var clock = new StoppingClock();
            var timed = new AsyncReadWriteLock("timed", clock);
            LockHold reader = Objects.requireNonNull(timed.tryRead());
            var parked = new FutureTask<>(() -> timed.writeBlocking(LONG));
            var thread = new Thread(parked);
            thread.start();
            await().until(() -> timed.metrics().waitingNow() == 1);
            Future<?> released = clock.stopIn(reader::close);
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            thread.interrupt();
            await().until(() -> thread.getState() == Thread.State.WAITING);
            clock.goOn();
            assertThatThrownBy(() -> parked.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
            released.get(10, TimeUnit.SECONDS);
            assertThat(timed.tryWrite()).isNotNull();
        }

        /** Holds up who reads the time, which a lock does after it has granted and before it tells. */
        private final class StoppingClock implements Ticker {

            private final CountDownLatch stopped = new CountDownLatch(1);
            private final CountDownLatch going = new CountDownLatch(1);
            private volatile boolean stops;

            @Override
            public long nanoTime() {
                if (stops) {
                    stopped.countDown();
                    try {
                        going.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return 0;
            }

            /** Does something on another thread, and returns when that has come to read the time. */
            Future<?> stopIn(Runnable work) throws InterruptedException {
                stops = true;
                Future<?> done = threads.submit(work);
                stopped.await();
                stops = false;
                return done;
            }

            void goOn() {
                going.countDown();
            }
        }

        @Test
        void aGrantToAWaiterThatGivesUpInTheSameMomentIsNotLost() throws Exception {
            for (int round = 0; round < 2_000; round++) {
                LockHold first = mustWrite();
                CompletableFuture<LockHold> waiter = write();
                var start = new CountDownLatch(1);
                Future<Boolean> cancelled = threads.submit(() -> {
                    start.await();
                    return waiter.cancel(false);
                });
                start.countDown();
                first.close();
                if (!cancelled.get()) {
                    waiter.join().close();
                }
                LockHold next = lock.writeBlocking(LONG);
                next.close();
            }
            assertThat(lock.metrics().waitingNow()).isZero();
        }
    }

    @Nested
    class UnderLoad {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 64})
        void keepsReadersAndWritersApart(int stripes) throws Exception {
            var lock = new AsyncReadWriteLock("striped", time, new ReaderStripes(stripes));
            var readers = new AtomicInteger();
            var writers = new AtomicInteger();
            var broken = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        boolean write = ThreadLocalRandom.current().nextInt(10) == 0;
                        try (LockHold hold = write ? lock.writeBlocking(LONG) : lock.readBlocking(LONG)) {
                            AtomicInteger inside = hold.mode() == Mode.WRITE ? writers : readers;
                            inside.incrementAndGet();
                            if (writers.get() > 1 || (writers.get() == 1 && readers.get() > 0)) {
                                broken.incrementAndGet();
                            }
                            inside.decrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(50, TimeUnit.SECONDS);
            }
            assertThat(broken).hasValue(0);
            assertThat(lock.metrics().reads() + lock.metrics().writes()).isEqualTo(40_000);
            assertThat(lock.tryWrite()).as("nobody is left in").isNotNull();
        }

        /** Of a reader and a writer that try in the same moment one is refused at most, and leaves no trace. */
        @Test
        void whoeverIsRefusedWasRefusedForSomebody() throws Exception {
            var start = new CyclicBarrier(2);
            Future<List<Boolean>> writer = threads.submit(() -> tryInTurns(start, lock::tryWrite));
            List<Boolean> reads = tryInTurns(start, lock::tryRead);
            List<Boolean> writes = writer.get(50, TimeUnit.SECONDS);
            for (int i = 0; i < reads.size(); i++) {
                assertThat(reads.get(i) || writes.get(i)).as("round %s", i).isTrue();
            }
            mustWrite().close();
        }

        private List<Boolean> tryInTurns(CyclicBarrier start, Supplier<@Nullable LockHold> attempt) throws Exception {
            List<Boolean> granted = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                start.await();
                LockHold hold = attempt.get();
                granted.add(hold != null);
                start.await();
                if (hold != null) {
                    hold.close();
                }
            }
            return granted;
        }

        @Test
        void aMillionQueuedWritersNeedNoMoreStackThanOne() {
            LockHold first = mustWrite();
            var granted = new AtomicInteger();
            for (int i = 0; i < 1_000_000; i++) {
                lock.write().thenAccept(hold -> {
                    granted.incrementAndGet();
                    hold.close();
                });
            }
            first.close();
            assertThat(granted).hasValue(1_000_000);
        }

        @Test
        void aContinuationThatThrowsHarmsNobody() {
            LockHold first = mustWrite();
            CompletableFuture<Void> failing = write().thenAccept(hold -> {
                hold.close();
                throw new IllegalStateException("the caller's own failure");
            });
            CompletableFuture<LockHold> next = write();
            first.close();
            assertThat(failing).isCompletedExceptionally();
            next.join().close();
        }
    }

    @Test
    void measuresWhatItWentThrough() throws Exception {
        LockHold writer = mustWrite();
        CompletableFuture<LockHold> reader = read();
        time.advance(Duration.ofMillis(3));
        writer.close();
        reader.join().close();
        assertThatThrownBy(() -> {
                    try (LockHold hold = mustRead()) {
                        assertThat(hold.mode()).isEqualTo(Mode.READ);
                        write().orTimeout(1, TimeUnit.MILLISECONDS).get();
                    }
                })
                .hasCauseInstanceOf(TimeoutException.class);

        LockMetrics metrics = lock.metrics();
        assertThat(metrics.reads()).isEqualTo(2);
        assertThat(metrics.writes()).isEqualTo(1);
        assertThat(metrics.contended()).isEqualTo(1);
        assertThat(metrics.timeouts()).isEqualTo(1);
        assertThat(metrics.waits().count()).isEqualTo(1);
        assertThat(metrics.waits().total()).isEqualTo(Duration.ofMillis(3));
        assertThat(metrics.waits().max()).isBetween(Duration.ofMillis(3), Duration.ofMillis(6));
        assertThat(metrics.writeHolds().p50()).isBetween(Duration.ofMillis(3), Duration.ofMillis(6));
        assertThat(lock).hasToString("AsyncReadWriteLock 'test' (0 readers in, 0 waiting)");
    }
}
