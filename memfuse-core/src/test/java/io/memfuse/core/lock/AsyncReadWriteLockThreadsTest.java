package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which thread does what: who waits and how, who releases, and on whose back a continuation runs. */
@Timeout(60)
class AsyncReadWriteLockThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("threads");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private LockHold must(LockHold.Mode mode) {
        return Objects.requireNonNull(mode == LockHold.Mode.READ ? lock.tryRead() : lock.tryWrite(), "not free");
    }

    private LockHold blocking(LockHold.Mode mode) throws InterruptedException {
        return mode == LockHold.Mode.READ ? lock.readBlocking(LONG) : lock.writeBlocking(LONG);
    }

    @ParameterizedTest
    @EnumSource(LockHold.Mode.class)
    void aHoldIsReleasedByAnyThread(LockHold.Mode mode) throws Exception {
        LockHold hold = must(mode);
        threads.submit(hold::close).get();
        must(LockHold.Mode.WRITE).close();
    }

    @ParameterizedTest
    @EnumSource(LockHold.Mode.class)
    void aThreadThatIsInterruptedWhileItWaitsLeavesTheQueue(LockHold.Mode mode) {
        LockHold first = must(LockHold.Mode.WRITE);
        Future<?> waiting = threads.submit(() -> blocking(mode));
        await().until(() -> lock.metrics().waitingNow() == 1);
        threads.shutdownNow();
        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(lock.metrics().waitingNow()).isZero();
        first.close();
        must(LockHold.Mode.WRITE).close();
    }

    @Test
    void anInterruptInTheMomentOfTheGrantLosesNothing() throws Exception {
        for (int round = 0; round < 500; round++) {
            LockHold first = must(LockHold.Mode.WRITE);
            var together = new CyclicBarrier(2);
            var outcome = new CompletableFuture<Boolean>();
            var waiting = new Thread(() -> {
                try {
                    lock.writeBlocking(LONG).close();
                    outcome.complete(true);
                } catch (InterruptedException e) {
                    outcome.complete(false);
                }
            });
            waiting.start();
            Future<?> interrupts = threads.submit(() -> {
                together.await();
                waiting.interrupt();
                return null;
            });
            together.await();
            first.close();
            interrupts.get();
            outcome.join();
            // Granted or interrupted, it has given back what it had.
            must(LockHold.Mode.WRITE).close();
        }
        assertThat(lock.metrics().waitingNow()).isZero();
    }

    @Nested
    class AContinuation {

        @ParameterizedTest
        @EnumSource(LockHold.Mode.class)
        void runsWhileNoInternalStateIsHeld(LockHold.Mode mode) {
            LockHold first = must(LockHold.Mode.WRITE);
            CompletableFuture<LockMetrics> seen = (mode == LockHold.Mode.READ ? lock.read() : lock.write())
                    .thenApply(hold -> {
                        LockMetrics metrics = elsewhere(this::useAllOfTheLock);
                        hold.close();
                        return metrics;
                    })
                    .toCompletableFuture();
            first.close();
            assertThat(seen.join().cancellations()).isEqualTo(1);
        }

        /** What takes whatever the lock has inside: enqueues, gives up, refuses, measures. */
        private LockMetrics useAllOfTheLock() {
            assertThat(lock.tryWrite()).isNull();
            assertThat(lock.write().toCompletableFuture().cancel(false)).isTrue();
            return lock.metrics();
        }

        private <T> T elsewhere(Callable<T> task) {
            try {
                return threads.submit(task).get(LONG.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("another thread could not use the lock", e);
            }
        }

        @Test
        void ofReadersRunsInTheOrderTheyCame() {
            LockHold first = must(LockHold.Mode.WRITE);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                lock.read().thenAccept(hold -> {
                    order.add(number);
                    hold.close();
                });
            }
            first.close();
            assertThat(order).containsExactly(0, 1, 2, 3, 4);
        }

        @Test
        void runsOnTheThreadThatReleases() {
            LockHold first = must(LockHold.Mode.WRITE);
            CompletableFuture<Thread> where = lock.write()
                    .thenApply(hold -> {
                        hold.close();
                        return Thread.currentThread();
                    })
                    .toCompletableFuture();
            first.close();
            assertThat(where.join()).isSameAs(Thread.currentThread());
        }
    }

    @Nested
    class VirtualThreads {

        /** Far more than there are carriers: were one pinned by each that waits, the others would never come to wait. */
        private static final int MANY = 2_000;

        @Test
        void parkWithoutTheirCarriers() throws Exception {
            ExecutorService virtual = virtualThreads();
            LockHold first = must(LockHold.Mode.WRITE);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                LockHold.Mode mode = i % 2 == 0 ? LockHold.Mode.READ : LockHold.Mode.WRITE;
                all.add(virtual.submit(() -> {
                    blocking(mode).close();
                    return null;
                }));
            }
            await().until(() -> lock.metrics().waitingNow() == MANY);
            first.close();
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(lock.metrics().contended()).isEqualTo(MANY);
            virtual.shutdown();
        }

        /** By reflection, because the language level is 17. */
        private ExecutorService virtualThreads() throws ReflectiveOperationException {
            assumeTrue(Runtime.version().feature() >= 21, "this JDK has no virtual threads");
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        }
    }
}
