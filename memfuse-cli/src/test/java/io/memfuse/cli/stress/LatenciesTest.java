package io.memfuse.cli.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static final Offset<Double> THREE_DIGITS = within(0.1);

    private final Latencies latencies = new Latencies();

    @Test
    void areSummedUpInMilliseconds() {
        IntStream.rangeClosed(1, 100).forEach(millis -> latencies.record(TimeUnit.MILLISECONDS.toNanos(millis)));

        LatencySummary summary = latencies.take();

        assertThat(summary.count()).isEqualTo(100);
        assertThat(summary.p50()).isCloseTo(50, THREE_DIGITS);
        assertThat(summary.p99()).isCloseTo(99, THREE_DIGITS);
        assertThat(summary.max()).isCloseTo(100, THREE_DIGITS);
    }

    @Test
    void startAgainWhenTaken() {
        latencies.record(TimeUnit.SECONDS.toNanos(1));
        latencies.take();

        assertThat(latencies.take()).extracting(LatencySummary::count).isEqualTo(0L);
    }
}
