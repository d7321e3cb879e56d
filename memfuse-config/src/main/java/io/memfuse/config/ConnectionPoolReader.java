package io.memfuse.config;

import io.memfuse.config.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the section {@code connection_pool}. */
final class ConnectionPoolReader {

    private static final String WARMUP_CONFIGS = "warmup_configs";
    private static final String PRECACHE_CONFIGS = "precache_configs";
    private static final Set<String> KEYS = Stream.concat(
                    Stream.of(WARMUP_CONFIGS, PRECACHE_CONFIGS), SettingsReader.KEYS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final Source source;

    ConnectionPoolReader(Source source) {
        this.source = source;
    }

    /** Returns what is right in the section; what is wrong is reported. */
    ConnectionPoolConfig read(Section section) {
        section.refuseUnknownKeys(KEYS);
        PoolSettings settings = new SettingsReader(source.problems()).read(section, PoolSettings.DEFAULTS);
        return new ConnectionPoolConfig(settings, warmupConfigs(section, settings), precacheConfigs(section));
    }

    private List<WarmupConfig> warmupConfigs(Section section, PoolSettings settings) {
        var reader = new WarmupReader(source);
        var conflicts = new ConflictCheck(source.problems());
        List<WarmupConfig> configs = new ArrayList<>();
        for (Node item : section.list(WARMUP_CONFIGS)) {
            Section.of(item, source)
                    .flatMap(entry -> reader.read(entry, settings))
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
