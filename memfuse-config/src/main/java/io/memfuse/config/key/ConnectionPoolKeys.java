package io.memfuse.config.key;

import io.memfuse.config.kind.DurationRange;
import io.memfuse.config.kind.IntRange;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.TextRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code connection_pool} and of its lists, each declared once. */
public final class ConnectionPoolKeys {

    public static final String WARMUP_CONFIGS = "warmup_configs";
    public static final String PRECACHE_CONFIGS = "precache_configs";
    public static final String SERVICES = "services";

    public static final Key<Duration> POOL_IDLE_TIMEOUT = new Key<>(
            "pool_idle_timeout",
            new DurationRange(Duration.ofSeconds(1), Duration.ofHours(24), "for ever"),
            "0 (for ever)",
            "how long nobody may use a pool until it is closed; the next caller opens it again");

    public static final Key<Integer> MAX_OPEN_POOLS = new Key<>(
            "max_open_pools",
            new IntRange(0, 1_000_000),
            "0",
            "how many pools may be open before the least recently used ones that nobody uses are closed; 0 for any number");

    public static final Key<String> USER = new Key<>("user", TextRule.NAME, Key.REQUIRED, "whose services are made");

    public static final Key<String> DATABASE = new Key<>(
            "database", TextRule.NAME, "the first", "the name of the database that the user's services live on");

    public static final Set<String> NAMES =
            Set.of(WARMUP_CONFIGS, PRECACHE_CONFIGS, POOL_IDLE_TIMEOUT.name(), MAX_OPEN_POOLS.name());

    /** What stood here before there were {@code defaults}. */
    public static final Map<String, String> MOVED = Stream.concat(
                    DatabaseKeys.SETTINGS.stream(), Stream.of(DatabaseKeys.PINNED))
            .collect(Collectors.toUnmodifiableMap(
                    DatabaseKey::name, key -> "write it under 'defaults', for all databases"));

    private ConnectionPoolKeys() {}

    /** The keys of the section that have one value. */
    public static List<Key<?>> values() {
        return List.of(POOL_IDLE_TIMEOUT, MAX_OPEN_POOLS);
    }

    /** The keys of an entry of {@code precache_configs} that have one value. */
    public static List<Key<?>> precacheValues() {
        return List.of(USER, DATABASE);
    }
}
