package io.memfuse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PoolTallyTest {

    private final PoolTally tally = new PoolTally();

    private static Counts waits(long all, long timed, long nanos) {
        return Counts.NONE
                .with(Count.ACQUIRED, all)
                .with(Count.TIMED_WAITS, timed)
                .with(Count.TIMED_WAIT_TIME, nanos);
    }

    @Test
    void takesThoseThatWereNotTimedForAsLongAsThoseThatWere() {
        tally.add(waits(32, 2, 30));
        assertThat(tally.sum().get(Count.WAIT_TIME)).isEqualTo(32 * 15);
        assertThat(tally.sum().get(Count.ACQUIRED)).isEqualTo(32);
    }

    @Test
    void isExactIfAllAreTimed() {
        tally.add(waits(3, 3, 100));
        assertThat(tally.sum().get(Count.WAIT_TIME)).isEqualTo(100);
    }

    @Test
    void waitsForATimeBeforeItEstimates() {
        tally.add(waits(10, 0, 0));
        assertThat(tally.sum().get(Count.WAIT_TIME)).isZero();

        tally.add(waits(6, 1, 5));
        assertThat(tally.sum().get(Count.WAIT_TIME)).isEqualTo(16 * 5);
    }

    @Test
    void changesNothingOfWhatItEstimatedBefore() {
        tally.add(waits(10, 1, 1_000));
        tally.add(waits(10, 1, 0));
        assertThat(tally.sum().get(Count.WAIT_TIME)).isEqualTo(10_000);
    }
}
