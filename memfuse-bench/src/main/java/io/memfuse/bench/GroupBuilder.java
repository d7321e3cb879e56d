package io.memfuse.bench;

import io.memfuse.bench.report.Goal;
import io.memfuse.bench.report.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes down a group: each row with what is measured for it. Not thread-safe. */
final class GroupBuilder {

    private final String id;
    private final String title;
    private final String unit;
    private final List<String> notes = new ArrayList<>();
    private final Set<String> columns = new LinkedHashSet<>();
    private final List<RowBuilder> rows = new ArrayList<>();

    GroupBuilder(String id, String title, String unit) {
        this.id = id;
        this.title = title;
        this.unit = unit;
    }

    String id() {
        return id;
    }

    GroupBuilder note(String text) {
        notes.add(text);
        return this;
    }

    /** Adds a row, which is then filled in. */
    RowBuilder row(String name, Measure ours) {
        var row = new RowBuilder(name, ours);
        rows.add(row);
        return row;
    }

    Group build() {
        return new Group(
                id,
                title,
                unit,
                List.copyOf(columns),
                rows.stream().map(RowBuilder::build).toList(),
                notes);
    }

    /** Returns what the rows need. */
    Set<Measure> measures() {
        Set<Measure> measures = new LinkedHashSet<>();
        for (RowBuilder row : rows) {
            measures.add(row.ours);
            measures.addAll(row.peers.values());
        }
        return measures;
    }

    /** One row. Goals compare with peers that were added before. */
    final class RowBuilder {

        private final String name;
        private final Measure ours;
        private final Map<String, Measure> peers = new LinkedHashMap<>();
        private final List<Goal> goals = new ArrayList<>();

        private RowBuilder(String name, Measure ours) {
            this.name = name;
            this.ours = ours;
        }

        RowBuilder peer(String column, Measure measure) {
            columns.add(column);
            peers.put(column, measure);
            return this;
        }

        RowBuilder atMost(double bound, String peer) {
            goals.add(Goal.atMost(bound, idOf(peer), peer));
            return this;
        }

        RowBuilder faster(double bound, String peer) {
            goals.add(Goal.faster(bound, idOf(peer), peer));
            return this;
        }

        RowBuilder moreAtMost(double bound, String peer) {
            goals.add(Goal.moreAtMost(bound, idOf(peer), peer));
            return this;
        }

        RowBuilder valueAtMost(double bound) {
            goals.add(Goal.valueAtMost(bound));
            return this;
        }

        /** Compares with what stands in another row. */
        RowBuilder atMostOf(double bound, Measure other, String otherName) {
            goals.add(Goal.atMost(bound, other.id(), otherName));
            return this;
        }

        private String idOf(String peer) {
            Measure measure = peers.get(peer);
            if (measure == null) {
                throw new IllegalStateException(name + ": no peer " + peer);
            }
            return measure.id();
        }

        private Group.Row build() {
            Map<String, String> ids = new LinkedHashMap<>();
            peers.forEach((column, measure) -> ids.put(column, measure.id()));
            return new Group.Row(name, ours.id(), ids, goals);
        }
    }
}
