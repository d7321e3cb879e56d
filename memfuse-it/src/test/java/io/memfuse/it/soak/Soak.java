package io.memfuse.it.soak;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a soak measured: samples at even distances. */
record Soak(Duration duration, List<Sample> samples, String summary) {

    /** The middle third: everything has been used by then. */
    double early(ToDoubleFunction<Sample> quantity) {
        return median(quantity, samples.size() / 3, samples.size() * 2 / 3);
    }

    double late(ToDoubleFunction<Sample> quantity) {
        return median(quantity, samples.size() * 2 / 3, samples.size());
    }

    private double median(ToDoubleFunction<Sample> quantity, int from, int to) {
        double[] sorted = samples.subList(from, to).stream()
                .mapToDouble(quantity)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
