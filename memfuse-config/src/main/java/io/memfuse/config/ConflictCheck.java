package io.memfuse.config;

import io.memfuse.config.yaml.Place;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Finds entries that cannot both hold: one database with two sets of settings, one name for two databases. */
final class ConflictCheck {

    /** What two entries of one database must agree in, by the key of the file. */
    private static final Map<String, Function<PoolSpec, Object>> COMPARED = compared();

    private final Problems problems;
    private final Map<PoolKey<?>, Seen> byKey = new HashMap<>();
    private final Map<String, Seen> byName = new HashMap<>();

    private record Seen(PoolSpec spec, Place place) {}

    ConflictCheck(Problems problems) {
        this.problems = problems;
    }

    private static Map<String, Function<PoolSpec, Object>> compared() {
        Map<String, Function<PoolSpec, Object>> compared = new LinkedHashMap<>();
        compared.put("password", PoolSpec::password);
        compared.put("min_size", limit(PoolLimits::minSize));
        compared.put("max_size", limit(PoolLimits::maxSize));
        compared.put("max_queries", limit(PoolLimits::maxQueries));
        compared.put("max_inactive_connection_lifetime", limit(PoolLimits::maxInactiveConnectionLifetime));
        compared.put("max_connection_lifetime", limit(PoolLimits::maxConnectionLifetime));
        compared.put("timeout", limit(PoolLimits::timeout));
        compared.put("command_timeout", limit(PoolLimits::commandTimeout));
        compared.put("ssl_mode", spec -> spec.ssl().mode());
        compared.put("ssl_root_cert", spec -> spec.ssl().rootCert());
        compared.put("server_settings", PoolSpec::serverSettings);
        return compared;
    }

    private static Function<PoolSpec, Object> limit(Function<PoolLimits, Object> limit) {
        return spec -> limit.apply(spec.limits());
    }

    /** Tells whether an entry goes together with all before it, and reports it if not. */
    boolean accepts(WarmupConfig config, Place place) {
        PoolKey<?> key = PoolKey.of(config.spec(), Object.class);
        var seen = new Seen(config.spec(), place);
        Seen sameKey = byKey.putIfAbsent(key, seen);
        Seen sameName = byName.putIfAbsent(config.name(), seen);
        if (sameKey != null && !differences(sameKey.spec, config.spec()).isEmpty()) {
            problems.add(
                    place,
                    "the same database as on line " + sameKey.place.line() + ", with another "
                            + String.join(", ", differences(sameKey.spec, config.spec())),
                    "one database has one pool: make the two entries agree, or remove one");
            return false;
        }
        if (sameName != null && !PoolKey.of(sameName.spec, Object.class).equals(key)) {
            problems.add(
                    place,
                    "has the same name as the entry on line " + sameName.place.line() + ", and is another database",
                    "give each a 'name' of its own");
            return false;
        }
        return true;
    }

    private static List<String> differences(PoolSpec one, PoolSpec other) {
        return COMPARED.entrySet().stream()
                .filter(compared -> !Objects.equals(
                        compared.getValue().apply(one), compared.getValue().apply(other)))
                .map(Map.Entry::getKey)
                .toList();
    }
}
