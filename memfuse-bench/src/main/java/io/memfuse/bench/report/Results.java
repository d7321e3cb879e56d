package io.memfuse.bench.report;

import java.util.Map;
import java.util.Optional;

/**
 * The scores of one run, by id. Immutable.
 *
 * @param scores what was measured
 */
public record Results(Map<String, Score> scores) {

    public Results {
        scores = Map.copyOf(scores);
    }

    /** Returns a score; empty if it was not measured in this run. */
    public Optional<Score> find(String id) {
        return Optional.ofNullable(scores.get(id));
    }

    /** Returns how our score of a row stands to a goal; empty if a score is missing. */
    public Optional<Finding> judge(Group.Row row, Goal goal) {
        Optional<Score> theirs = goal.against().isEmpty() ? find(row.ours()) : find(goal.against());
        return find(row.ours()).flatMap(ours -> theirs.map(other -> goal.judge(ours, other)));
    }
}
