package io.memfuse.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A group as cells of text: a line for each row, and one more for each further goal of it. Rows of which ours was not
 * measured are left out, and columns that so are empty. Not thread-safe.
 */
final class Sheet {

    private static final String NONE = "-";

    private final Group group;
    private final Results results;
    private final List<String> columns;
    private final List<List<String>> lines = new ArrayList<>();

    Sheet(Group group, Results results) {
        this.group = group;
        this.results = results;
        List<Group.Row> rows = group.rows().stream()
                .filter(row -> results.find(row.ours()).isPresent())
                .toList();
        this.columns = group.peers().stream()
                .filter(peer -> rows.stream().anyMatch(row -> !cell(row, peer).equals(NONE)))
                .toList();
        rows.forEach(this::add);
    }

    List<String> header() {
        var header = new ArrayList<>(List.of(group.unit(), "MemFuse"));
        header.addAll(columns);
        header.addAll(List.of("ratio", "goal", ""));
        return header;
    }

    List<List<String>> lines() {
        return lines;
    }

    private void add(Group.Row row) {
        var line = new ArrayList<String>();
        line.add(row.name());
        line.add(text(row.ours()));
        columns.forEach(peer -> line.add(cell(row, peer)));
        if (row.goals().isEmpty()) {
            line.addAll(List.of("", "", ""));
            lines.add(line);
        }
        List<String> cells = line;
        for (Goal goal : row.goals()) {
            var judged = new ArrayList<>(cells);
            judged.addAll(judgement(row, goal));
            lines.add(judged);
            cells = Collections.nCopies(line.size(), "");
        }
    }

    private List<String> judgement(Group.Row row, Goal goal) {
        Optional<Finding> finding = results.judge(row, goal);
        return List.of(
                finding.map(Finding::ratio).orElse(NONE),
                goal.text(),
                finding.map(Finding::verdict).orElse("not measured"));
    }

    private String cell(Group.Row row, String peer) {
        String id = row.peers().get(peer);
        return id == null ? NONE : text(id);
    }

    private String text(String id) {
        return results.find(id).map(Numbers::format).orElse(NONE);
    }
}
