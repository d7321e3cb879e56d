package io.memfuse.config.key;

import io.memfuse.config.kind.DurationRange;
import io.memfuse.config.kind.Flag;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.PowerOfTwo;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of {@code monitoring}, each declared once. */
public final class MonitoringKeys {

    public static final Key<Integer> TIMES_ONE_IN = new Key<>(
            "times_one_in",
            new PowerOfTwo(1_024, ""),
            "32",
            "of how many acquisitions of a connection one is timed, picked at random; all are counted");

    public static final Key<Duration> PROBE_AFTER = new Key<>(
            "probe_after",
            new DurationRange(Duration.ofSeconds(1), Duration.ofHours(24), "never"),
            "30s",
            "how long an open pool may meet no request until a login of its own looks whether its database answers");

    public static final Key<Integer> TRACK_HOLDERS = new Key<>(
            "track_holders",
            new PowerOfTwo(1_024, "none"),
            "0 (none)",
            "of how many loans of a connection one has its holder remembered, for errors that name who holds the connections of a full"
                    + " pool; 1 for all. Each costs a stack trace");

    public static final Key<Duration> LEAK_THRESHOLD = new Key<>(
            "leak_threshold",
            new DurationRange(Duration.ofSeconds(1), Duration.ofHours(24), "never"),
            "0 (never)",
            "a connection that is held for longer is reported, once, with the stack of who took it; needs `track_holders`");

    public static final Key<Boolean> JMX =
            new Key<>("jmx", Flag.KIND, "false", "whether pools and the lock have beans in the JVM's own MBean server");

    private MonitoringKeys() {}

    /** The keys of the section. */
    public static List<Key<?>> values() {
        return List.of(TIMES_ONE_IN, PROBE_AFTER, TRACK_HOLDERS, LEAK_THRESHOLD, JMX);
    }

    /** The names of the keys. */
    public static Set<String> names() {
        return values().stream().map(Key::name).collect(Collectors.toUnmodifiableSet());
    }
}
