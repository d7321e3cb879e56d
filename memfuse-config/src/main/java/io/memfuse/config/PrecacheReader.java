package io.memfuse.config;

import io.memfuse.config.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code precache_configs}. */
final class PrecacheReader {

    private static final String USER = "user";
    private static final String SERVICES = "services";
    private static final Set<String> KEYS = Set.of(USER, SERVICES);

    private final Source source;

    PrecacheReader(Source source) {
        this.source = source;
    }

    /** Returns the entry; empty if there is a problem with it, which is then reported. */
    Optional<PrecacheConfig> read(Section entry) {
        int before = source.problems().met();
        entry.refuseUnknownKeys(KEYS);
        entry.require(USER);
        entry.require(SERVICES);
        String user = entry.text(USER, TextRule.NAME, "");
        List<String> services = services(entry.list(SERVICES));
        if (services.isEmpty() && source.problems().met() == before) {
            source.problems().add(entry.placeOf(SERVICES), "is an empty list", "name a service, or remove the entry");
        }
        return source.problems().met() > before ? Optional.empty() : Optional.of(new PrecacheConfig(user, services));
    }

    private List<String> services(List<Node> items) {
        List<String> services = new ArrayList<>();
        for (Node item : items) {
            source.value(item)
                    .filter(value -> TextRule.NAME.accepts(value, source.problems()))
                    .ifPresent(value -> {
                        services.add(value.text());
                        source.used(new NameUse(
                                NameUse.Kind.SERVICE, value.place().path().toString(), value.text()));
                    });
        }
        return services;
    }
}
