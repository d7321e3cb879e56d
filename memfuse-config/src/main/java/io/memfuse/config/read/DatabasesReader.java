package io.memfuse.config.read;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.key.DatabaseDraft;
import io.memfuse.config.kind.Section;
import io.memfuse.config.kind.Source;
import io.memfuse.config.kind.TextRule;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.Node.Scalar;
import io.memfuse.config.yaml.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the databases of a file, wherever it describes them: in {@code databases}, or in {@code warmup_configs}. */
public final class DatabasesReader {

    private final Source source;
    private final DatabaseReader reader;
    private final ConflictCheck conflicts;
    private final DatabaseNames names = new DatabaseNames();

    /** What came of a file's databases. */
    public record Found(List<DatabaseConfig> databases, List<DatabaseConfig> warmups, DatabaseNames names) {}

    private record Draft(DatabaseDraft database, Place place) {}

    /** An entry of {@code warmup_configs}: a name, or a database of its own. */
    private record Warmup(String name, @Nullable DatabaseConfig own, Place place) {}

    public DatabasesReader(Source source) {
        this.source = source;
        this.reader = new DatabaseReader(source);
        this.conflicts = new ConflictCheck(source.problems());
    }

    /** Returns what is right; what is wrong is reported. */
    public Found read(Optional<Section> defaults, Optional<Section> databases, List<Node> warmups) {
        DatabaseDraft inherited = defaults.map(reader::defaults).orElseGet(DatabaseDraft::new);
        Map<String, Draft> drafts = new LinkedHashMap<>();
        databases.ifPresent(section -> section.keys()
                .forEach(name -> database(section, name, inherited).ifPresent(draft -> drafts.put(name, draft))));
        List<Warmup> entries = warmups.stream()
                .flatMap(item -> warmup(item, inherited).stream())
                .toList();
        Map<String, DatabaseConfig> named = build(drafts, entries);
        List<DatabaseConfig> warm = new ArrayList<>();
        for (Warmup entry : entries) {
            DatabaseConfig database = entry.own == null ? named.get(entry.name) : entry.own;
            if (database != null && (entry.own == null || conflicts.accepts(database, entry.place))) {
                warm.add(database);
            }
        }
        return new Found(List.copyOf(named.values()), warm, names);
    }

    private Optional<Draft> database(Section databases, String name, DatabaseDraft inherited) {
        Place key = databases.placeOfKey(name);
        if (!TextRule.KEY.accepts(new Value(name, key, false), source.problems())) {
            return Optional.empty();
        }
        add(name);
        return databases
                .section(name)
                .flatMap(entry -> reader.database(entry, name, inherited))
                .map(draft -> new Draft(draft, key));
    }

    private Optional<Warmup> warmup(Node item, DatabaseDraft inherited) {
        if (item instanceof Scalar) {
            return source.value(item)
                    .filter(name -> names.accepts(name, source.problems()))
                    .map(name -> new Warmup(name.text(), null, item.place()));
        }
        Optional<DatabaseConfig> own = Section.of(item, source).flatMap(entry -> reader.warmup(entry, inherited));
        own.ifPresentOrElse(database -> add(database.name()), names::addUnknown);
        return own.map(database -> new Warmup(database.name(), database, item.place()));
    }

    private void add(String name) {
        names.add(name);
        source.named(name);
    }

    /** Which are warmed had to be known first: those are pinned, unless they say otherwise. */
    private Map<String, DatabaseConfig> build(Map<String, Draft> drafts, List<Warmup> entries) {
        Set<String> warm = entries.stream()
                .filter(entry -> entry.own == null)
                .map(Warmup::name)
                .collect(Collectors.toSet());
        Map<String, DatabaseConfig> named = new LinkedHashMap<>();
        drafts.forEach((name, draft) -> {
            DatabaseConfig database = draft.database.build(name, warm.contains(name));
            if (conflicts.accepts(database, draft.place)) {
                named.put(name, database);
            }
        });
        return named;
    }
}
