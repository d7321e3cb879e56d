package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoanCounterTest {

    private final LoanCounter loans = new LoanCounter();
    private final AtomicLong pool = new AtomicLong();

    @Test
    void isZeroUntilSomebodyCounts() {
        assertThat(loans.sum()).isZero();
        assertThat(loans.hasEnded()).isFalse();
    }

    @Test
    void tellsWhatThePoolCountsUntilItsEnd() {
        loans.countedBy(pool::get);
        pool.set(3);
        assertThat(loans.sum()).isEqualTo(3);

        loans.end();
        pool.set(4);
        loans.end();

        assertThat(loans.sum()).isEqualTo(3);
        assertThat(loans.hasEnded()).isTrue();
    }

    @Test
    void anOpeningThatComesToItsEndTooLateCountsNothing() {
        loans.end();
        pool.set(5);
        loans.countedBy(pool::get);
        assertThat(loans.sum()).isZero();
    }

    @Test
    void anAdapterThatFailsOrGoesBackTakesNothingFromWhatIsKnownAndHoldsUpNoClosing() {
        loans.countedBy(() -> {
            if (pool.get() == 0) {
                throw new AssertionError("thrown on purpose");
            }
            return pool.get();
        });
        pool.set(5);
        assertThat(loans.sum()).isEqualTo(5);
        pool.set(3);
        assertThat(loans.sum()).isEqualTo(5);
        pool.set(0);
        assertThat(loans.sum()).isEqualTo(5);

        loans.end();

        assertThat(loans.hasEnded()).isTrue();
        assertThat(loans.sum()).isEqualTo(5);
    }

    @Test
    void asksNobodyForWhatIsKnown() {
        loans.countedBy(pool::get);
        pool.set(2);
        assertThat(loans.known()).isZero();
        loans.sum();
        pool.set(3);
        assertThat(loans.known()).isEqualTo(2);
        loans.end();
        assertThat(loans.known()).isEqualTo(3);
    }

    @Test
    void isFixedForWhoeverHasSeenItsEndThoughOthersStillAskAndThePoolStillCounts() throws Exception {
        for (int round = 0; round < 500; round++) {
            var count = new LoanCounter();
            var lent = new AtomicLong();
            count.countedBy(lent::incrementAndGet); // Each who asks finds one more.
            var asking = new CountDownLatch(1);
            CompletableFuture<Long> seen = CompletableFuture.supplyAsync(() -> {
                long last = 0;
                while (!count.hasEnded()) {
                    long now = count.sum();
                    assertThat(now).isGreaterThanOrEqualTo(last);
                    last = now;
                    asking.countDown();
                }
                return last;
            });
            assertThat(asking.await(10, TimeUnit.SECONDS)).isTrue();
            count.end();
            long atEnd = count.known();
            assertThat(seen.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(atEnd);
            assertThat(count.sum()).isEqualTo(atEnd);
        }
    }

    @Test
    void letsGoOfAPoolThatHasEnded() {
        var counter = new AtomicLong(1);
        var reference = new WeakReference<>(counter);
        loans.countedBy(counter::get);
        loans.end();
        counter = null;
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
        assertThat(loans.sum()).isEqualTo(1);
    }
}
