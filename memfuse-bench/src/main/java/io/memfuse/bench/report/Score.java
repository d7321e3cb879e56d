package io.memfuse.bench.report;

import java.util.Arrays;
import java.util.Collection;

/**
 * What was measured.
 *
 * @param value the mean of a JMH benchmark, the median of rounds
 * @param error half the width of the interval that holds it: JMH's 99.9 % error of a mean, half the interquartile range of
 *     rounds; not negative
 */
public record Score(double value, double error) {

    public Score {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a score of " + value);
        }
        // JMH has no error for a single sample.
        error = Double.isFinite(error) ? Math.abs(error) : 0;
    }

    /** Returns the median and half the interquartile range. */
    public static Score ofSamples(Collection<Double> samples) {
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        return new Score(quantile(sorted, 0.5), (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2);
    }

    /** Returns this divided by another, with the errors of both, taken as independent. */
    public Score dividedBy(Score other) {
        double ratio = value / other.value;
        return new Score(ratio, Math.abs(ratio) * Math.hypot(relativeError(), other.relativeError()));
    }

    /** Returns this less another, with the errors of both, taken as independent. */
    public Score minus(Score other) {
        return new Score(value - other.value, Math.hypot(error, other.error));
    }

    private double relativeError() {
        return value == 0 ? 0 : error / Math.abs(value);
    }

    /** Returns the sample at a quantile, between two samples where it falls between them. */
    public static double quantile(double[] sorted, double quantile) {
        double position = quantile * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }

    /** As {@link #quantile(double[], double)} for samples in any order. */
    public static double quantileOf(double[] samples, double quantile) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return quantile(sorted, quantile);
    }
}
