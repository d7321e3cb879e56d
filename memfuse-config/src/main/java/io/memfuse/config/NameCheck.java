package io.memfuse.config;

import io.memfuse.config.yaml.Shown;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds names of providers and services that nobody answers to; they are known only when the platform is put together. */
final class NameCheck {

    private static final Origin PROGRAM = new Origin("configuration", 0, 0, false);

    private final Origins origins;
    private final Problems problems;
    private final Map<NameUse.Kind, Set<String>> known;

    private NameCheck(Reading reading, Map<NameUse.Kind, Set<String>> known) {
        this.origins = reading.config().origins();
        this.problems = reading.problems();
        this.known = known;
    }

    /** Adds each name that is not known to the problems of what was read. */
    static void check(Reading reading, Providers providers, Factories factories) {
        var check = new NameCheck(
                reading, Map.of(NameUse.Kind.PROVIDER, providers.names(), NameUse.Kind.SERVICE, factories.names()));
        reading.names().forEach(check::check);
    }

    private void check(NameUse use) {
        Set<String> candidates = known.getOrDefault(use.kind(), Set.of());
        if (!candidates.contains(use.name())) {
            add(use, candidates);
        }
    }

    private void add(NameUse use, Set<String> candidates) {
        Optional<Origin> own = origins.of(use.path());
        // A provider that is not written stands for the entry that does not name it.
        String path = own.isPresent() || use.kind() == NameUse.Kind.SERVICE ? use.path() : parent(use.path());
        Origin origin = own.or(() -> origins.of(path)).orElse(PROGRAM);
        String message = "no " + use.kind().name().toLowerCase(Locale.ROOT) + " "
                + (origin.environment() ? "has the name that '${...}' gives" : "is named " + Shown.quoted(use.name()));
        String nearest = Nearest.hint(use.name(), candidates);
        problems.add(new Problem(
                origin.file(),
                origin.line(),
                origin.column(),
                path,
                message,
                Nearest.of(use.name(), candidates).isPresent()
                        ? nearest
                        : nearest + "; correct the name, or add the module that has it"));
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('.'));
    }
}
