package io.memfuse.bench.report;

/**
 * How a score stands to its goal.
 *
 * @param comparison the ratio or difference, with its error
 * @param suffix what the number is, as the table shows it
 * @param met whether the number itself reaches the goal
 * @param withinNoise whether its error leaves that open
 */
public record Finding(Score comparison, String suffix, boolean met, boolean withinNoise) {

    static Finding atMost(Score comparison, double bound, String suffix) {
        return new Finding(comparison, suffix, comparison.value() <= bound, straddles(comparison, bound));
    }

    static Finding atLeast(Score comparison, double bound, String suffix) {
        return new Finding(comparison, suffix, comparison.value() >= bound, straddles(comparison, bound));
    }

    private static boolean straddles(Score comparison, double bound) {
        return Math.abs(comparison.value() - bound) < comparison.error();
    }

    /** Returns the number as the table shows it. */
    public String ratio() {
        return Numbers.format(comparison) + suffix;
    }

    /** Returns whether the goal is met, in words. */
    public String verdict() {
        return (met ? "met" : "missed") + (withinNoise ? " (within noise)" : "");
    }
}
