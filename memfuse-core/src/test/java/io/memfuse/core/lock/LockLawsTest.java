package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The laws, kept by our lock and broken by the seed's where the design says that it breaks them. */
@Timeout(60)
class LockLawsTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Nested
    class Ours {

        @Test
        @Timeout(value = 4, unit = TimeUnit.HOURS) // In a campaign.
        void keepsVisitorsApartAndForgetsNobody() {
            LockLaws.visitorsComeAndGo(LockVisits.OfOurs.class);
        }

        @Test
        void letsNoReaderOvertakeAWaitingWriter() throws Exception {
            assertThat(LockLaws.readersThatOvertakeAWriter(new OurLock(), threads, 10_000))
                    .isZero();
        }
    }

    @Nested
    class TheSeeds {

        @Test
        void isFoundWrongByTheLawThatOursKeeps() {
            assertThatThrownBy(() -> LockLaws.visitorsComeAndGo(LockVisits.OfTheSeeds.class))
                    .isInstanceOf(LincheckAssertionError.class);
        }

        @Test
        void letsReadersStarveAWriter() throws Exception {
            assertThat(LockLaws.readersThatOvertakeAWriter(new SeedLock(), threads, 10_000))
                    .isEqualTo(10_000);
        }

        /** The reader has the first condition and needs the second, the writer has the second and needs the first. */
        @Test
        void deadlocksAsTheLastReaderAndAWriterLeave() throws Exception {
            var between = new Stop();
            var lock = new SeedLock() {
                @Override
                void betweenTheConditions() throws InterruptedException {
                    between.here();
                }
            };
            lock.acquireRead();
            Future<?> reader = threads.submit(() -> {
                lock.releaseRead();
                return null;
            });
            between.awaitSomebody();
            Future<?> writer = threads.submit(() -> {
                lock.acquireWrite();
                lock.releaseWrite();
                return null;
            });
            await().until(lock::isReadReadyWantedByAnother);
            between.goOn();
            await().until(lock::isWriteReadyWantedByAnother);
            // There are two threads, and each waits for what the other has.
            assertThat(lock.isReadReadyWantedByAnother()).isTrue();
            assertThat(List.of(reader, writer)).noneMatch(Future::isDone);
        }

        /** A reader looks for writers under one lock, a writer for readers under the other: neither sees the other. */
        @Test
        void letsAWriterInToAReader() throws Exception {
            var looked = new Stop();
            var lock = new SeedLock() {
                @Override
                void beforeAReaderIsCounted() throws InterruptedException {
                    looked.here();
                }
            };
            Future<?> reader = threads.submit(() -> {
                lock.acquireRead();
                return null;
            });
            looked.awaitSomebody();
            lock.acquireWrite();
            looked.goOn();
            reader.get();
            // Both are in: each acquisition returned, and neither was released.
            assertThat(lock.readersIn()).isEqualTo(1);
            assertThat(lock.writersIn()).isEqualTo(1);
        }
    }

    /** A point of the code where a thread stands still until the test lets it go on. */
    private static final class Stop {

        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch free = new CountDownLatch(1);

        void here() throws InterruptedException {
            arrived.countDown();
            free.await();
        }

        void awaitSomebody() throws InterruptedException {
            arrived.await();
        }

        void goOn() {
            free.countDown();
        }
    }
}
