package io.memfuse.config.read;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.key.DatabaseKey;
import io.memfuse.config.key.DatabaseKeys;
import io.memfuse.config.value.Problems;
import io.memfuse.config.yaml.Place;
import io.memfuse.core.pool.PoolKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds databases that cannot both hold: one with two sets of settings, one name for two. */
final class ConflictCheck {

    private final Problems problems;
    private final Map<PoolKey<?>, Seen> byKey = new HashMap<>();
    private final Map<String, Seen> byName = new HashMap<>();

    private record Seen(DatabaseConfig database, Place place) {

        PoolKey<?> key() {
            return PoolKey.of(database.spec(), Object.class);
        }
    }

    ConflictCheck(Problems problems) {
        this.problems = problems;
    }

    /** Tells whether a database goes together with all before it, and reports it if not. */
    boolean accepts(DatabaseConfig database, Place place) {
        var seen = new Seen(database, place);
        Seen sameKey = byKey.putIfAbsent(seen.key(), seen);
        Seen sameName = byName.putIfAbsent(database.name(), seen);
        if (sameKey != null && !differences(sameKey.database, database).isEmpty()) {
            problems.add(
                    place,
                    "the same database as on line " + sameKey.place.line() + ", with another "
                            + String.join(", ", differences(sameKey.database, database)),
                    "one database has one pool: make the two entries agree, or remove one");
            return false;
        }
        if (sameName != null && !sameName.key().equals(seen.key())) {
            problems.add(
                    place,
                    "has the same name as the entry on line " + sameName.place.line() + ", and is another database",
                    "give each a 'name' of its own");
            return false;
        }
        return true;
    }

    private static List<String> differences(DatabaseConfig one, DatabaseConfig other) {
        return DatabaseKeys.COMPARED.stream()
                .filter(key -> !key.get().apply(one).equals(key.get().apply(other)))
                .map(DatabaseKey::name)
                .toList();
    }
}
