package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimesRecorderTest {

    private final TimesRecorder recorder = new TimesRecorder();

    private LockMetrics.Times after(long... nanos) {
        LongStream.of(nanos).forEach(recorder::record);
        return recorder.snapshot();
    }

    @Test
    void knowsNothingAtFirst() {
        assertThat(recorder.snapshot())
                .isEqualTo(new LockMetrics.Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void roundsUpToTheEndOfTheBucket() {
        assertThat(after(5).max()).isEqualTo(Duration.ofNanos(7));
        assertThat(after(8).max()).isEqualTo(Duration.ofNanos(15));
    }

    @Test
    void sumsExactly() {
        LockMetrics.Times times = after(5, 6, 1_000);
        assertThat(times.count()).isEqualTo(3);
        assertThat(times.total()).isEqualTo(Duration.ofNanos(1_011));
    }

    @Test
    void findsTheMiddleAndTheEnd() {
        long[] nanos = LongStream.concat(
                        LongStream.generate(() -> 3).limit(50),
                        LongStream.generate(() -> 100).limit(49))
                .toArray();
        LockMetrics.Times times = after(nanos);
        assertThat(times.p50()).isEqualTo(Duration.ofNanos(3));
        assertThat(times.p99()).isEqualTo(Duration.ofNanos(127));
        assertThat(after(1_000_000).p99()).as("the 99th of 100").isEqualTo(Duration.ofNanos(127));
        assertThat(recorder.snapshot().max()).isEqualTo(Duration.ofNanos((1 << 20) - 1));
    }

    @Test
    void takesATimeBelowZeroForZero() {
        LockMetrics.Times times = after(-5);
        assertThat(times.count()).isEqualTo(1);
        assertThat(times.total()).isEqualTo(Duration.ZERO);
        assertThat(times.max()).isEqualTo(Duration.ZERO);
    }

    @Test
    void hasABucketForTheLongestTime() {
        assertThat(after(Long.MAX_VALUE).max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }
}
