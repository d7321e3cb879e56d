package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is granted the lock is told, however long what others registered to run takes. */
@Timeout(60)
class GrantDeliveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("delivery");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void endThreads() {
        over.countDown();
        threads.shutdownNow();
    }

    private LockHold mustWrite() {
        return Objects.requireNonNull(lock.tryWrite(), "not free to write");
    }

    private void untilOver() {
        try {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aThreadThatParksIsToldThoughAContinuationOfTheSameBatchGoesOn() {
        LockHold writer = mustWrite();
        CompletableFuture<Void> continuation = lock.read()
                .thenAccept(hold -> {
                    untilOver();
                    hold.close();
                })
                .toCompletableFuture();
        Future<LockHold> parked = threads.submit(() -> lock.readBlocking(Duration.ofSeconds(10)));
        await().until(() -> lock.metrics().waitingNow() == 2);
        threads.execute(writer::close);
        assertThat(parked).succeedsWithin(PATIENCE);
        assertThat(continuation).isNotDone();
    }

    @Test
    void aThreadThatParksWaitsNoLongerThanItsTimeout() {
        LockHold writer = mustWrite();
        lock.read().thenAccept(hold -> {
            untilOver();
            hold.close();
        });
        Future<?> parked = threads.submit(() -> {
            try {
                lock.readBlocking(Duration.ofSeconds(1)).close();
            } catch (LockTimeoutException e) {
                // An answer in time is all that is asked for here.
            }
            return null;
        });
        await().until(() -> lock.metrics().waitingNow() == 2);
        threads.execute(writer::close);
        assertThat(parked).succeedsWithin(PATIENCE);
    }

    @Test
    void aThreadThatWaitsForItsStageIsToldThoughWhoeverReleasedIsInAContinuation() {
        LockHold writer = mustWrite();
        lock.write().thenAccept(hold -> {
            hold.close();
            untilOver();
        });
        CompletableFuture<LockHold> next = lock.write().toCompletableFuture();
        threads.execute(writer::close);
        assertThat(next).succeedsWithin(PATIENCE);
    }

    /** As a registry's lock is taken and given back inside the continuation of some lock of the user's. */
    @Test
    void aWaiterOfOneLockIsToldThoughWhoeverReleasedItIsInAContinuationOfAnother() {
        var other = new AsyncReadWriteLock("other");
        LockHold writer = mustWrite();
        LockHold heldOfOther = Objects.requireNonNull(other.tryRead());
        CompletableFuture<LockHold> waitsForOther = other.write().toCompletableFuture();
        lock.write().thenAccept(hold -> {
            heldOfOther.close();
            untilOver();
            hold.close();
        });
        threads.execute(writer::close);
        assertThat(waitsForOther).succeedsWithin(PATIENCE);
    }

    @Test
    void aContinuationThatReleasedAndAsksAgainDoesNotWaitForAGrantThatItHoldsBackItself() {
        LockHold writer = mustWrite();
        CompletableFuture<Void> again = lock.write()
                .thenAccept(hold -> {
                    hold.close();
                    try {
                        lock.writeBlocking(Duration.ofSeconds(1)).close();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toCompletableFuture();
        lock.write().thenAccept(LockHold::close);
        threads.execute(writer::close);
        assertThat(again).succeedsWithin(PATIENCE);
    }

    /** Other work of the pool would be run by the JDK's own wait, on the stack of the thread that waits. */
    @Test
    void aThreadOfAForkJoinPoolRunsNothingElseWhileItWaits() {
        var pool = new ForkJoinPool(1);
        LockHold writer = mustWrite();
        var parked = new CompletableFuture<LockHold>();
        pool.execute(() -> {
            CompletableFuture.runAsync(this::untilOver, pool);
            try {
                parked.complete(lock.writeBlocking(Duration.ofSeconds(10)));
            } catch (Throwable e) {
                parked.completeExceptionally(e);
            }
        });
        await().until(() -> lock.metrics().waitingNow() == 1);
        writer.close();
        assertThat(parked).succeedsWithin(PATIENCE);
        pool.shutdownNow();
    }

    @Test
    @SuppressWarnings("NullAway") // stands for all that may fail between the queue and the wait
    void aWaitThatFailsLeavesTheQueue() {
        LockHold writer = mustWrite();
        assertThatThrownBy(() -> lock.writeBlocking(null)).isInstanceOf(NullPointerException.class);
        assertThat(lock.metrics().waitingNow()).isZero();
        writer.close();
        mustWrite().close();
    }

    /** A waiter that finds no memory, or no stack, the first time that it is told. */
    private final class Unlucky extends Waiter {

        private boolean failed;

        Unlucky(boolean parks) {
            super(lock, new Hold(lock, LockHold.Mode.READ), parks, 0);
        }

        @Override
        void grant() {
            if (!failed) {
                failed = true;
                throw new OutOfMemoryError("none for this one");
            }
            super.grant();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorInTellingOneIsThrownWhenAllAreTold(boolean parks) {
        Waiter first = new Unlucky(parks);
        Waiter second = new Unlucky(parks);
        Waiter last = new Waiter(lock, new Hold(lock, LockHold.Mode.READ), parks, 0);
        first.next = second;
        second.next = last;
        assertThatThrownBy(() -> lock.deliver(first, null)).hasMessage("none for this one");
        assertThat(first).isCompletedWithValue(first.hold);
        assertThat(second).isCompletedWithValue(second.hold);
        assertThat(last).isCompletedWithValue(last.hold);
    }

    @Test
    void anErrorDeepInANestOfReleasesLosesNoGrant() {
        Waiter outer = new Waiter(lock, new Hold(lock, LockHold.Mode.READ), false, 0);
        List<Waiter> inner = new ArrayList<>();
        CompletableFuture<?> deepest = outer;
        for (int i = 0; i < 40; i++) {
            Waiter next = i < 20 ? new Waiter(lock, new Hold(lock, LockHold.Mode.READ), false, 0) : new Unlucky(false);
            inner.add(next);
            deepest.thenRun(() -> lock.deliver(next, null));
            deepest = next;
        }
        lock.deliver(outer, null);
        assertThat(inner).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aClockThatFailsLosesNoHold() {
        var broken = new AtomicBoolean();
        var timed = new AsyncReadWriteLock("timed", () -> {
            if (broken.get()) {
                throw new IllegalStateException("no time");
            }
            return 0;
        });
        LockHold writer = Objects.requireNonNull(timed.tryWrite());
        broken.set(true);
        writer.close();
        broken.set(false);
        assertThat(timed.tryWrite()).isNotNull();
    }

    /** Each stripe is two counters, and whoever passes between reading the one and the other must not be counted as in. */
    @Test
    void noMoreReadersAreReportedThanThereEverWereAtOnce() throws Exception {
        int readers = 3;
        for (int i = 0; i < readers; i++) {
            threads.execute(() -> {
                while (over.getCount() > 0) {
                    LockHold hold = lock.tryRead();
                    if (hold != null) {
                        hold.close();
                    }
                }
            });
        }
        int most = 0;
        for (int i = 0; i < 300_000; i++) {
            most = Math.max(most, lock.metrics().readersNow());
        }
        assertThat(most).isLessThanOrEqualTo(readers);
    }

    @Test
    void aThreadThatParksIsToldThoughWhoeverGaveUpBeforeItRunsAContinuation() {
        LockHold reader = Objects.requireNonNull(lock.tryRead());
        CompletableFuture<LockHold> writer = lock.write().toCompletableFuture();
        writer.whenComplete((hold, failure) -> untilOver());
        Future<LockHold> parked = threads.submit(() -> lock.readBlocking(Duration.ofSeconds(10)));
        await().until(() -> lock.metrics().waitingNow() == 2);
        threads.execute(() -> writer.cancel(false));
        assertThat(parked).succeedsWithin(PATIENCE);
        reader.close();
    }

    @Test
    void aThreadThatParksIsToldThoughWhoeverTimedOutBeforeItRunsAContinuation() {
        LockHold reader = Objects.requireNonNull(lock.tryRead());
        CompletableFuture<LockHold> writer = lock.write().toCompletableFuture();
        writer.whenComplete((hold, failure) -> untilOver());
        Future<LockHold> parked = threads.submit(() -> lock.readBlocking(Duration.ofSeconds(10)));
        await().until(() -> lock.metrics().waitingNow() == 2);
        threads.execute(() -> writer.completeExceptionally(new TimeoutException()));
        assertThat(parked).succeedsWithin(PATIENCE);
        reader.close();
    }
}
