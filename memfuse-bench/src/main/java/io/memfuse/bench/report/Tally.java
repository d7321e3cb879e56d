package io.memfuse.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How many goals are met.
 *
 * @param met goals that are reached
 * @param missed those that are not, as {@code row: goal, but ratio}
 */
public record Tally(int met, List<String> missed) {

    /** Counts the goals that could be judged. */
    public static Tally of(List<Group> groups, Results results) {
        int met = 0;
        var missed = new ArrayList<String>();
        for (Group group : groups) {
            for (Group.Row row : group.rows()) {
                for (Goal goal : row.goals()) {
                    Finding finding = results.judge(row, goal).orElse(null);
                    if (finding != null && finding.met()) {
                        met++;
                    } else if (finding != null) {
                        missed.add(group.title() + ", " + row.name() + ": " + goal.text() + "; measured "
                                + finding.ratio() + (finding.withinNoise() ? " (within noise)" : ""));
                    }
                }
            }
        }
        return new Tally(met, List.copyOf(missed));
    }

    /** Returns the count in words. */
    public String summary() {
        return met + " of " + (met + missed.size()) + " goals met";
    }
}
