package io.memfuse.config.read;

import io.memfuse.config.PrecacheConfig;
import io.memfuse.config.key.ConnectionPoolKeys;
import io.memfuse.config.kind.NameUse;
import io.memfuse.config.kind.Section;
import io.memfuse.config.kind.Source;
import io.memfuse.config.kind.TextRule;
import io.memfuse.config.value.Value;
import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads the entries of {@code precache_configs}. */
final class PrecacheReader {

    private static final Set<String> KEYS =
            Set.of(ConnectionPoolKeys.USER.name(), ConnectionPoolKeys.SERVICES, ConnectionPoolKeys.DATABASE.name());

    private final Source source;
    private final DatabaseNames databases;
    private final Map<String, Seen> byUser = new HashMap<>();

    private record Seen(Optional<String> database, Place place) {}

    PrecacheReader(Source source, DatabaseNames databases) {
        this.source = source;
        this.databases = databases;
    }

    /** Returns the entry; empty if there is a problem with it, which is then reported. */
    Optional<PrecacheConfig> read(Section entry) {
        int before = source.problems().met();
        entry.refuseUnknownKeys(KEYS);
        entry.require(ConnectionPoolKeys.USER.name());
        entry.require(ConnectionPoolKeys.SERVICES);
        Optional<String> user = entry.get(ConnectionPoolKeys.USER);
        Optional<String> database = entry.value(ConnectionPoolKeys.DATABASE.name())
                .filter(value -> TextRule.NAME.accepts(value, source.problems()))
                .filter(value -> databases.accepts(value, source.problems()))
                .map(Value::text);
        List<String> services = services(entry.list(ConnectionPoolKeys.SERVICES));
        if (services.isEmpty() && source.problems().met() == before) {
            source.problems()
                    .add(
                            entry.placeOf(ConnectionPoolKeys.SERVICES),
                            "is an empty list",
                            "name a service, or remove the entry");
        }
        if (source.problems().met() > before || user.isEmpty()) {
            return Optional.empty();
        }
        checkAgreement(user.get(), new Seen(database, entry.place()));
        return Optional.of(new PrecacheConfig(user.get(), services, database.orElse(null)));
    }

    private void checkAgreement(String user, Seen seen) {
        Seen first = byUser.putIfAbsent(user, seen);
        if (first != null && !Objects.equals(first.database, seen.database)) {
            source.problems()
                    .add(
                            seen.place,
                            "the same user as on line " + first.place.line() + ", on another database",
                            "the services of a user live on one database: make the two entries agree");
        }
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
