package io.memfuse.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimesRecorderTest {

    private final TimesRecorder recorder = new TimesRecorder();

    private Times after(long... nanos) {
        LongStream.of(nanos).forEach(recorder::record);
        return recorder.snapshot();
    }

    @Test
    void knowsNothingAtFirst() {
        assertThat(recorder.snapshot()).isEqualTo(Times.NONE).hasToString("count=0, p50=0 us, p99=0 us, max=0 us");
        assertThat(Times.NONE.mean()).isZero();
    }

    @Test
    void roundsUpToTheEndOfTheBucket() {
        assertThat(after(5).max()).isEqualTo(Duration.ofNanos(5));
        assertThat(after(8).max()).isEqualTo(Duration.ofNanos(9));
        assertThat(after(1_024).max()).isEqualTo(Duration.ofNanos(1_279));
        assertThat(after(1_280).max()).isEqualTo(Duration.ofNanos(1_535));
    }

    @Test
    void sumsExactly() {
        Times times = after(5, 6, 1_000);
        assertThat(times.count()).isEqualTo(3);
        assertThat(times.total()).isEqualTo(Duration.ofNanos(1_011));
    }

    @Test
    void findsTheMiddleAndTheEnd() {
        long[] nanos = LongStream.concat(
                        LongStream.generate(() -> 3).limit(50),
                        LongStream.generate(() -> 100).limit(49))
                .toArray();
        Times times = after(nanos);
        assertThat(times.p50()).isEqualTo(Duration.ofNanos(3));
        assertThat(times.p99()).isEqualTo(Duration.ofNanos(111));
        assertThat(after(1_000_000).p99()).as("the 99th of 100").isEqualTo(Duration.ofNanos(111));
        assertThat(recorder.snapshot().max()).isEqualTo(Duration.ofNanos((1 << 20) - 1));
    }

    @Test
    void takesATimeBelowZeroForZero() {
        Times times = after(-5);
        assertThat(times.count()).isEqualTo(1);
        assertThat(times.total()).isEqualTo(Duration.ZERO);
        assertThat(times.max()).isEqualTo(Duration.ZERO);
    }

    @Test
    void hasABucketForTheLongestTime() {
        assertThat(after(Long.MAX_VALUE).max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void isAtMostAQuarterAboveTheTruth() {
        long nanos = 1;
        while (nanos < Long.MAX_VALUE / 3) {
            var alone = new TimesRecorder();
            alone.record(nanos);
            assertThat(alone.snapshot().max().toNanos()).isBetween(nanos, nanos + nanos / 4);
            nanos += nanos / 3 + 1;
        }
    }

    @Test
    void tellsWhatCameBetweenTwoLooks() {
        Times before = after(5, 1_000);
        Times between = after(9, 9).minus(before);
        assertThat(between.count()).isEqualTo(2);
        assertThat(between.total()).isEqualTo(Duration.ofNanos(18));
        assertThat(between.max()).isEqualTo(Duration.ofNanos(9));
        assertThat(between.mean()).isEqualTo(Duration.ofNanos(9));
        assertThat(before.minus(Times.NONE)).isEqualTo(before);
    }

    @Test
    void addsUp() {
        Times both = after(5).plus(after(9));
        assertThat(both.count()).as("the second look holds the first").isEqualTo(3);
        assertThat(Times.NONE.plus(both)).isEqualTo(both).hasSameHashCodeAs(both);
        assertThat(both).isNotEqualTo(Times.NONE);
    }
}
