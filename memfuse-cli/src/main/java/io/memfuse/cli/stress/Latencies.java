package io.memfuse.cli.stress;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Takes durations from many threads at once, without a lock between them. Thread-safe. */
final class Latencies {

    private static final int SIGNIFICANT_DIGITS = 3;

    private final Recorder recorder = new Recorder(SIGNIFICANT_DIGITS);

    /** Adds one. */
    void record(long nanos) {
        recorder.recordValue(Math.max(0, nanos));
    }

    /** Returns what was added since the last call. */
    LatencySummary take() {
        Histogram histogram = recorder.getIntervalHistogram();
        return new LatencySummary(
                histogram.getTotalCount(),
                millis(histogram.getValueAtPercentile(50)),
                millis(histogram.getValueAtPercentile(99)),
                millis(histogram.getMaxValue()));
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
