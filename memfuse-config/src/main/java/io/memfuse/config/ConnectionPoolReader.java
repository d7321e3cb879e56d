package io.memfuse.config;

import io.memfuse.config.yaml.Node;
import io.memfuse.core.pool.PoolKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the section {@code connection_pool}. */
final class ConnectionPoolReader {

    private static final String WARMUP_CONFIGS = "warmup_configs";
    private static final String PRECACHE_CONFIGS = "precache_configs";
    private static final String POOL_IDLE_TIMEOUT = "pool_idle_timeout";
    private static final String MAX_OPEN_POOLS = "max_open_pools";
    private static final Set<String> KEYS = Stream.concat(
                    Stream.of(WARMUP_CONFIGS, PRECACHE_CONFIGS, POOL_IDLE_TIMEOUT, MAX_OPEN_POOLS, WarmupReader.PINNED),
                    SettingsReader.KEYS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final DurationRange IDLE_TIMEOUTS =
            new DurationRange(Duration.ofSeconds(1), Duration.ofHours(24), "for ever");
    private static final IntRange OPEN_POOLS = new IntRange(0, 1_000_000);

    private final Source source;

    ConnectionPoolReader(Source source) {
        this.source = source;
    }

    /** Returns what is right in the section; what is wrong is reported. */
    ConnectionPoolConfig read(Section section) {
        section.refuseUnknownKeys(KEYS);
        PoolSettings settings = new SettingsReader(source.problems()).read(section, PoolSettings.DEFAULTS);
        List<WarmupConfig> warmupConfigs = warmupConfigs(section, settings);
        return new ConnectionPoolConfig(
                settings, openPools(section, warmupConfigs), warmupConfigs, precacheConfigs(section));
    }

    private OpenPoolLimits openPools(Section section, List<WarmupConfig> warmupConfigs) {
        var limits = new OpenPoolLimits(
                section.duration(POOL_IDLE_TIMEOUT, IDLE_TIMEOUTS, Duration.ZERO),
                section.number(MAX_OPEN_POOLS, OPEN_POOLS, 0));
        long pinned = warmupConfigs.stream()
                .filter(WarmupConfig::pinned)
                .map(config -> PoolKey.of(config.spec(), Object.class))
                .distinct()
                .count();
        if (limits.maxOpenPools() > 0 && limits.maxOpenPools() < pinned) {
            source.problems()
                    .add(
                            section.placeOf(MAX_OPEN_POOLS),
                            limits.maxOpenPools() + " is less than the " + pinned + " pools that are pinned",
                            "raise it, or set 'pinned: false', directly under connection_pool for all entries");
        }
        return limits;
    }

    private List<WarmupConfig> warmupConfigs(Section section, PoolSettings settings) {
        var reader = new WarmupReader(source);
        var conflicts = new ConflictCheck(source.problems());
        boolean pinned = section.flag(WarmupReader.PINNED, true);
        List<WarmupConfig> configs = new ArrayList<>();
        for (Node item : section.list(WARMUP_CONFIGS)) {
            Section.of(item, source)
                    .flatMap(entry -> reader.read(entry, settings, pinned))
                    .filter(config -> conflicts.accepts(config, item.place()))
                    .ifPresent(configs::add);
        }
        return configs;
    }

    private List<PrecacheConfig> precacheConfigs(Section section) {
        var reader = new PrecacheReader(source);
        List<PrecacheConfig> configs = new ArrayList<>();
        for (Node item : section.list(PRECACHE_CONFIGS)) {
            Section.of(item, source).flatMap(reader::read).ifPresent(configs::add);
        }
        return configs;
    }
}
