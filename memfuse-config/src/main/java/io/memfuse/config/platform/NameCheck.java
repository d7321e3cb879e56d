package io.memfuse.config.platform;

import io.memfuse.config.Origin;
import io.memfuse.config.Origins;
import io.memfuse.config.Problem;
import io.memfuse.config.kind.NameUse;
import io.memfuse.config.read.Reading;
import io.memfuse.config.value.Nearest;
import io.memfuse.config.value.Problems;
import io.memfuse.config.yaml.Shown;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds names of providers and services that nobody answers to; they are known only when the platform is put together. */
public final class NameCheck {

    private static final Origin PROGRAM = new Origin("configuration", 0, 0, false);

    private final Origins origins;
    private final Problems problems;
    private final Set<String> known;

    private NameCheck(Reading reading, Set<String> known) {
        this.origins = reading.config().origins();
        this.problems = reading.problems();
        this.known = known;
    }

    /** Adds each name of this kind that is not known to the problems of what was read. */
    public static void check(Reading reading, NameUse.Kind kind, Set<String> known) {
        var check = new NameCheck(reading, known);
        reading.names().stream()
                .filter(use -> use.kind() == kind && !known.contains(use.name()))
                .forEach(check::add);
    }

    private void add(NameUse use) {
        Optional<Origin> own = origins.of(use.path());
        // A provider that is not written stands for the entry that does not name it.
        String path = own.isPresent() || use.kind() == NameUse.Kind.SERVICE ? use.path() : parent(use.path());
        Origin origin = own.or(() -> origins.of(path)).orElse(PROGRAM);
        String message = "no " + use.kind().name().toLowerCase(Locale.ROOT) + " "
                + (origin.environment() ? "has the name that '${...}' gives" : "is named " + Shown.quoted(use.name()));
        String nearest = Nearest.hint(use.name(), known);
        problems.add(new Problem(
                origin.file(),
                origin.line(),
                origin.column(),
                path,
                message,
                Nearest.of(use.name(), known).isPresent()
                        ? nearest
                        : nearest + "; correct the name, or add the module that has it"));
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('.'));
    }
}
