package io.memfuse.cli.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The times of one measurement, round by round, in milliseconds, or figures of another unit. Not thread-safe. */
public final class Samples {

    private static final double MILLION = 1e6;

    private final List<double[]> rounds = new ArrayList<>();

    /** Adds the one figure of a round, which is no time. */
    void add(double figure) {
        rounds.add(new double[] {figure});
    }

    /** Adds the times of one round, in nanoseconds. */
    void add(long[] nanos) {
        double[] millis = Arrays.stream(nanos)
                .mapToDouble(time -> time / MILLION)
                .sorted()
                .toArray();
        rounds.add(millis);
    }

    /** Returns the median over the rounds of what {@code share} of each round's times does not exceed. */
    Spread quantile(double share) {
        return Spread.of(rounds.stream().mapToDouble(round -> at(round, share)).toArray());
    }

    /** Returns the times of all rounds together, sorted. */
    double[] all() {
        return rounds.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)];
    }

    /**
     * The median of several rounds, and how far they lie apart.
     *
     * @param median the middle one
     * @param least the smallest
     * @param most the greatest
     */
    public record Spread(double median, double least, double most) {

        static Spread of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Spread(at(sorted, 0.5), sorted[0], sorted[sorted.length - 1]);
        }
    }
}
