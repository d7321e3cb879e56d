package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoanCountTest {

    private final LoanCount loans = new LoanCount();
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
    void anAdapterThatFailsHoldsUpNoClosing() {
        loans.countedBy(() -> {
            throw new IllegalStateException("thrown on purpose");
        });
        loans.end();
        assertThat(loans.hasEnded()).isTrue();
        assertThat(loans.sum()).isZero();
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
