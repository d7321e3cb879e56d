package io.memfuse.bench.report;

/**
 * What a score is to reach, itself or compared with another of the same run.
 *
 * @param kind how the two are compared
 * @param bound the limit: of the ratio, of the difference, or of the score itself
 * @param against the id of the other score; that of the score itself where there is no other
 * @param text the goal as the table shows it
 */
public record Goal(Kind kind, double bound, String against, String text) {

    /** How a score is compared. */
    public enum Kind {
        /** Ours divided by theirs is at most the bound. */
        RATIO_AT_MOST,
        /** Theirs divided by ours is at least the bound. */
        TIMES_FASTER,
        /** Ours less theirs is at most the bound. */
        MORE_AT_MOST,
        /** Ours is at most the bound. */
        VALUE_AT_MOST
    }

    /** Ours is at most {@code bound} times theirs. */
    public static Goal atMost(double bound, String against, String name) {
        return new Goal(Kind.RATIO_AT_MOST, bound, against, "<= " + Numbers.plain(bound) + " x " + name);
    }

    /** Ours is at least {@code bound} times as fast as theirs. */
    public static Goal faster(double bound, String against, String name) {
        return new Goal(Kind.TIMES_FASTER, bound, against, ">= " + Numbers.plain(bound) + " x faster than " + name);
    }

    /** Ours is at most {@code bound} more than theirs. */
    public static Goal moreAtMost(double bound, String against, String name) {
        return new Goal(Kind.MORE_AT_MOST, bound, against, "<= " + Numbers.plain(bound) + " more than " + name);
    }

    /** Ours is at most {@code bound}. */
    public static Goal valueAtMost(double bound) {
        return new Goal(Kind.VALUE_AT_MOST, bound, "", "<= " + Numbers.plain(bound));
    }

    /** Compares two scores; {@code theirs} is not looked at where there is no other. */
    public Finding judge(Score ours, Score theirs) {
        return switch (kind) {
            case RATIO_AT_MOST -> Finding.atMost(ours.dividedBy(theirs), bound, " x");
            case TIMES_FASTER -> Finding.atLeast(theirs.dividedBy(ours), bound, " x faster");
            case MORE_AT_MOST -> Finding.atMost(ours.minus(theirs), bound, " more");
            case VALUE_AT_MOST -> Finding.atMost(ours, bound, "");
        };
    }
}
