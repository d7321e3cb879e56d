package io.memfuse.config.read;

import io.memfuse.config.ConnectionPoolConfig;
import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.OpenPoolLimits;
import io.memfuse.config.PrecacheConfig;
import io.memfuse.config.key.ConnectionPoolKeys;
import io.memfuse.config.kind.Section;
import io.memfuse.config.kind.Source;
import io.memfuse.config.yaml.Node;
import io.memfuse.core.pool.PoolKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the section {@code connection_pool}, without the databases in it. */
public final class ConnectionPoolReader {

    private final Source source;

    public ConnectionPoolReader(Source source) {
        this.source = source;
    }

    /** Returns what is right in the section; what is wrong is reported. */
    public ConnectionPoolConfig read(Section section, DatabasesReader.Found found) {
        section.refuseUnknownKeys(ConnectionPoolKeys.NAMES, ConnectionPoolKeys.MOVED);
        return new ConnectionPoolConfig(
                openPools(section, found), found.warmups(), precacheConfigs(section, found.names()));
    }

    private OpenPoolLimits openPools(Section section, DatabasesReader.Found found) {
        var limits = new OpenPoolLimits(
                section.get(ConnectionPoolKeys.POOL_IDLE_TIMEOUT).orElse(Duration.ZERO),
                section.get(ConnectionPoolKeys.MAX_OPEN_POOLS).orElse(0));
        long pinned = Stream.concat(found.databases().stream(), found.warmups().stream())
                .filter(DatabaseConfig::pinned)
                .map(database -> PoolKey.of(database.spec(), Object.class))
                .distinct()
                .count();
        if (limits.maxOpenPools() > 0 && limits.maxOpenPools() < pinned) {
            source.problems()
                    .add(
                            section.placeOf(ConnectionPoolKeys.MAX_OPEN_POOLS.name()),
                            limits.maxOpenPools() + " is less than the " + pinned + " pools that are pinned",
                            "raise it, or set 'pinned: false', under 'defaults' for all databases");
        }
        return limits;
    }

    private List<PrecacheConfig> precacheConfigs(Section section, DatabaseNames names) {
        var reader = new PrecacheReader(source, names);
        List<PrecacheConfig> configs = new ArrayList<>();
        for (Node item : section.list(ConnectionPoolKeys.PRECACHE_CONFIGS)) {
            Section.of(item, source).flatMap(reader::read).ifPresent(configs::add);
        }
        return configs;
    }
}
