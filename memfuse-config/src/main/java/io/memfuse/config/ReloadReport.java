package io.memfuse.config;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a new configuration changed, what it cost, and what failed. Immutable and thread-safe; contains no secret.
 *
 * @param databases one entry for each database of the former or the new configuration: those of the new one in its order, then
 *     those that were removed
 * @param warmed what was warmed and pre-cached because of it
 * @param notes what does not take effect at once, and what it takes, in sentences
 * @param took from the first change until all former pools were closed
 */
public record ReloadReport(List<DatabaseEntry> databases, StartupReport warmed, List<String> notes, Duration took) {

    public ReloadReport {
        databases = List.copyOf(databases);
        Objects.requireNonNull(warmed, "warmed");
        notes = List.copyOf(notes);
        Objects.requireNonNull(took, "took");
    }

    /** Tells whether everything went well. What was aborted was in use for longer than a drain may take, and is no failure. */
    public boolean allWell() {
        return warmed.allWell() && databases.stream().allMatch(entry -> entry.failure() == null);
    }

    /** Returns the report as lines to be read: what changed, and a sum. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        databases.stream()
                .filter(entry -> entry.action() != Action.UNTOUCHED)
                .forEach(entry -> lines.add(entry.toString()));
        warmed.pools().stream()
                .filter(entry -> entry.failure() != null)
                .forEach(entry ->
                        lines.add(entry.key() + ": not warm: " + entry.error().orElseThrow()));
        warmed.services()
                .forEach(entry -> lines.add(entry.key() + ": "
                        + entry.error()
                                .map(error -> "not made: " + error)
                                .orElse("made in " + Durations.format(entry.took()))));
        lines.addAll(notes);
        lines.add("reloaded in " + Durations.format(took) + ": " + counts());
        return lines;
    }

    private String counts() {
        List<String> counts = new ArrayList<>();
        for (Action action : Action.values()) {
            long count = databases.stream()
                    .filter(entry -> entry.action() == action && entry.failure() == null)
                    .count();
            if (count > 0) {
                counts.add(count + " " + action.word);
            }
        }
        long failed =
                databases.stream().filter(entry -> entry.failure() != null).count();
        if (failed > 0) {
            counts.add(failed + " failed");
        }
        return counts.isEmpty() ? "no databases" : String.join(", ", counts);
    }

    /** What is done with a database. */
    public enum Action {
        /** Its settings are the same. */
        UNTOUCHED("untouched"),
        /** Its pool goes on with other sizes or another timeout. */
        ADJUSTED("adjusted"),
        /** A pool with other settings took the place of the former one, which was drained. */
        REPLACED("replaced"),
        /** The name stands for another database now: another host, port, database, user or provider. */
        MOVED("moved"),
        /** It is new. */
        ADDED("added"),
        /** It is not in the configuration any more; who still uses it is refused. */
        REMOVED("removed");

        private final String word;

        Action(String word) {
            this.word = word;
        }
    }

    /**
     * A database of the former or the new configuration.
     *
     * @param name its name in the configuration
     * @param action what was done, or was to be done if there is a failure
     * @param key what the name stands for now; for one that was removed, what it stood for
     * @param changes the settings that changed, as {@code max_size 20 -> 30}; of a secret the name only
     * @param took how long it took until requests were served by the new settings
     * @param drained how the former pool was closed, if one was
     * @param failure why it could not be done, or null; pool and settings are as they were then
     */
    public record DatabaseEntry(
            String name,
            Action action,
            PoolKey<?> key,
            List<String> changes,
            Duration took,
            Optional<DrainReport> drained,
            @Nullable RuntimeException failure) {

        public DatabaseEntry {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(key, "key");
            changes = List.copyOf(changes);
            Objects.requireNonNull(took, "took");
            Objects.requireNonNull(drained, "drained");
        }

        /** Returns the entry in one line. */
        @Override
        public String toString() {
            String what = changes.isEmpty() ? "" : " (" + String.join(", ", changes) + ")";
            if (failure != null) {
                return name + ": not " + action.word + what + ", as before: " + failure.getMessage();
            }
            return name + ": " + action.word + what + " in " + Durations.format(took)
                    + drained.map(report -> "; the former pool " + report.summary())
                            .orElse("");
        }
    }
}
