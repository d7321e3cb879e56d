package io.memfuse.config.read;

import io.memfuse.config.value.Nearest;
import io.memfuse.config.value.Problems;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Shown;
import java.util.Set;
import java.util.TreeSet;

/** The names of databases that a file has, to find those that it uses and does not have. */
final class DatabaseNames {

    private final Set<String> known = new TreeSet<>();
    private boolean complete = true;

    void add(String name) {
        known.add(name);
    }

    /** Notes that there is a database whose name could not be read. */
    void addUnknown() {
        complete = false;
    }

    /** Tells whether a database has this name, and reports it if not, unless there may be one. */
    boolean accepts(Value name, Problems problems) {
        if (known.contains(name.text())) {
            return true;
        }
        if (complete) {
            problems.add(
                    name.place(),
                    name.environment()
                            ? "no database has the name that '${...}' gives"
                            : "no database is named " + Shown.quoted(name.text()),
                    Nearest.hint(name.text(), known));
        } else {
            problems.meetAgain();
        }
        return false;
    }
}
