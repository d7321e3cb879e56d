package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoanMarkTest {

    private final LoanMark loan = new LoanMark();

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 2, 4711, 4712, Long.MAX_VALUE})
    void saysSinceWhenToTheNanosecondBefore(long nowNanos) {
        loan.begin(nowNanos);

        assertThat(loan.sinceNanos()).isNotEqualTo(LoanMark.NONE);
        // A difference, because the clock may start anywhere.
        assertThat(nowNanos - loan.sinceNanos()).isBetween(0L, 1L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void endsEachLoanOnce(long nowNanos) {
        loan.begin(nowNanos);

        assertThat(loan.end()).isNotEqualTo(LoanMark.NONE);
        assertThat(loan.end()).isEqualTo(LoanMark.NONE);
    }
}
