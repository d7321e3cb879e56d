package io.memfuse.bench;

import io.memfuse.bench.report.Group;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is measured against what, and the goals: the one place for all of it. */
final class Catalogue {

    private final List<Group> groups = new ArrayList<>();
    private final Set<Measure> measures = new LinkedHashSet<>();

    private Catalogue() {}

    /** Returns what a run with these options measures. */
    static Catalogue of(Options options) {
        var catalogue = new Catalogue();
        boolean full = options.mode().full();
        var all = new ArrayList<GroupBuilder>();
        all.addAll(LookUpGroups.all(full));
        all.addAll(PoolGroups.all(full));
        all.addAll(LockGroups.all(full));
        all.addAll(ServerGroups.all(full));
        all.stream().filter(group -> options.wants(group.id())).forEach(catalogue::add);
        return catalogue;
    }

    private void add(GroupBuilder group) {
        groups.add(group.build());
        measures.addAll(group.measures());
    }

    List<Group> groups() {
        return groups;
    }

    Set<Measure> measures() {
        return measures;
    }
}
