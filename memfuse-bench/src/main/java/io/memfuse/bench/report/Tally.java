package io.memfuse.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How many goals are met.
 *
 * @param met goals that are reached
 * @param missed those that are not, as {@code row: goal, but ratio}; those within noise last
 * @param withinNoise how many of those that are not are so near that the error leaves it open
 */
public record Tally(int met, List<String> missed, int withinNoise) {

    /** Counts the goals that could be judged. */
    public static Tally of(List<Group> groups, Results results) {
        int met = 0;
        var missed = new ArrayList<String>();
        var open = new ArrayList<String>();
        for (Group group : groups) {
            for (Group.Row row : group.rows()) {
                for (Goal goal : row.goals()) {
                    Finding finding = results.judge(row, goal).orElse(null);
                    if (finding != null && finding.met()) {
                        met++;
                    } else if (finding != null) {
                        (finding.withinNoise() ? open : missed)
                                .add(group.title() + ", " + row.name() + ": " + goal.text() + "; measured "
                                        + finding.ratio() + (finding.withinNoise() ? " (within noise)" : ""));
                    }
                }
            }
        }
        missed.addAll(open);
        return new Tally(met, List.copyOf(missed), open.size());
    }

    /** Returns the count in words. */
    public String summary() {
        String all = met + " of " + (met + missed.size()) + " goals met";
        return withinNoise == 0 ? all : all + ", " + withinNoise + " missed within noise";
    }
}
