package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Neither side starves. What a waiter is made to wait for is counted in acquisitions of others between its arrival and its
 * grant, never in time: a reader is overtaken by one writer at most, a writer by no reader, but for one batch of readers
 * for each writer before it.
 */
@Timeout(60)
class AsyncReadWriteLockLivenessTest {

    private static final int CROWD = 8;

    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("liveness");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean over = new AtomicBoolean();

    @AfterEach
    void endThreads() {
        over.set(true);
        threads.shutdownNow();
    }

    private LockHold mustWrite() {
        return Objects.requireNonNull(lock.tryWrite(), "not free to write");
    }

    private LockHold mustRead() {
        return Objects.requireNonNull(lock.tryRead(), "not free to read");
    }

    private CompletableFuture<LockHold> read() {
        return lock.read().toCompletableFuture();
    }

    private CompletableFuture<LockHold> write() {
        return lock.write().toCompletableFuture();
    }

    private List<Future<?>> crowd(LockHold.Mode mode) {
        return IntStream.range(0, CROWD)
                .<Future<?>>mapToObj(i -> threads.submit(() -> {
                    while (!over.get()) {
                        (mode == LockHold.Mode.READ ? read() : write()).join().close();
                    }
                }))
                .toList();
    }

    private void endCrowd(List<Future<?>> crowd) throws Exception {
        over.set(true);
        for (Future<?> one : crowd) {
            one.get();
        }
    }

    @Nested
    class InACrowd {

        private static final int VISITS = 500;

        @Test
        void eightReadersInALoopDoNotOvertakeAWriter() throws Exception {
            List<Future<?>> readers = crowd(LockHold.Mode.READ);
            long overtook = 0;
            for (int visit = 0; visit < VISITS; visit++) {
                CompletableFuture<LockHold> writer = write();
                long before = lock.metrics().reads();
                LockHold hold = writer.join();
                overtook = Math.max(overtook, lock.metrics().reads() - before);
                hold.close();
            }
            endCrowd(readers);
            assertThat(overtook).isZero();
        }

        @Test
        void ofEightWritersInALoopOneAtMostOvertakesAReader() throws Exception {
            List<Future<?>> writers = crowd(LockHold.Mode.WRITE);
            long overtook = 0;
            for (int visit = 0; visit < VISITS; visit++) {
                CompletableFuture<LockHold> reader = read();
                long before = lock.metrics().writes();
                LockHold hold = reader.join();
                overtook = Math.max(overtook, lock.metrics().writes() - before);
                hold.close();
            }
            endCrowd(writers);
            assertThat(overtook).isLessThanOrEqualTo(1);
        }
    }

    @Nested
    class InTheQueue {

        @Test
        void aReaderThatMeetsAWriterWaitsForNoOther() {
            LockHold writer = mustWrite();
            List<CompletableFuture<LockHold>> writers = writers(CROWD);
            CompletableFuture<LockHold> reader = read();
            writers.addAll(writers(CROWD));
            writer.close();
            assertThat(reader).isCompleted();
            assertThat(writers).noneMatch(CompletableFuture::isDone);
        }

        @Test
        void aReaderThatMeetsReadersAndAWriterThatWaitsForThemWaitsForThatWriterAlone() {
            LockHold first = mustRead();
            List<CompletableFuture<LockHold>> writers = writers(CROWD);
            CompletableFuture<LockHold> reader = read();
            first.close();
            assertThat(reader).isNotDone();
            writers.get(0).join().close();
            assertThat(reader).isCompleted();
            assertThat(writers.subList(1, CROWD)).noneMatch(CompletableFuture::isDone);
        }

        @Test
        void aWriterWaitsForOneBatchOfReadersForEachWriterBeforeIt() {
            LockHold holder = mustWrite();
            List<CompletableFuture<LockHold>> before = writers(CROWD);
            CompletableFuture<LockHold> last = write();
            for (CompletableFuture<LockHold> next : before) {
                // As many readers as like come while a writer is in, and again while those readers are.
                List<CompletableFuture<LockHold>> batch = Stream.generate(AsyncReadWriteLockLivenessTest.this::read)
                        .limit(CROWD)
                        .toList();
                holder.close();
                List<CompletableFuture<LockHold>> late = Stream.generate(AsyncReadWriteLockLivenessTest.this::read)
                        .limit(CROWD)
                        .toList();
                assertThat(batch).allMatch(CompletableFuture::isDone);
                batch.forEach(reader -> reader.join().close());
                assertThat(late).noneMatch(CompletableFuture::isDone);
                holder = next.join();
                late.forEach(reader -> reader.cancel(false));
            }
            holder.close();
            assertThat(last).isCompleted();
        }

        private List<CompletableFuture<LockHold>> writers(int count) {
            List<CompletableFuture<LockHold>> writers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                writers.add(write());
            }
            return writers;
        }
    }

    /**
     * A million waiters, on the stack of one thread. That it takes linear time needs no clock: a step that walked the queue
     * once for each waiter would be 5 * 10^11 steps, which no machine does before this class' timeout.
     */
    @Nested
    class WithAMillionWaiters {

        private static final int MILLION = 1_000_000;

        @ParameterizedTest
        @EnumSource(Mix.class)
        void grantsThemAllWithoutMoreStack(Mix mix) {
            LockHold first = mustWrite();
            var granted = new AtomicInteger();
            for (int i = 0; i < MILLION; i++) {
                (mix.reads(i) ? lock.read() : lock.write()).thenAccept(hold -> {
                    granted.incrementAndGet();
                    hold.close();
                });
            }
            assertThat(lock.metrics().waitingNow()).isEqualTo(MILLION);
            first.close();
            assertThat(granted).hasValue(MILLION);
            mustWrite().close();
        }

        @Test
        void letsThemAllGiveUpInAnyOrder() {
            LockHold first = mustWrite();
            List<CompletableFuture<LockHold>> waiters = new ArrayList<>();
            for (int i = 0; i < MILLION; i++) {
                waiters.add(Mix.BOTH.reads(i) ? read() : write());
            }
            Collections.shuffle(waiters, new Random(3));
            var timeIsUp = new TimeoutException(); // One for all: a million stack traces take longer than all else.
            waiters.forEach(waiter -> waiter.completeExceptionally(timeIsUp));
            assertThat(lock.metrics().waitingNow()).isZero();
            assertThat(lock.metrics().timeouts()).isEqualTo(MILLION);
            first.close();
            mustWrite().close();
        }

        enum Mix {
            READERS,
            WRITERS,
            BOTH;

            boolean reads(int place) {
                return this == READERS || (this == BOTH && place % 2 == 0);
            }
        }
    }
}
