package io.memfuse.config.effective;

import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.EffectiveValue;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.MonitoringConfig;
import io.memfuse.config.OpenPoolLimits;
import io.memfuse.config.Origin;
import io.memfuse.config.PrecacheConfig;
import io.memfuse.config.key.ConnectionPoolKeys;
import io.memfuse.config.key.DatabaseKey;
import io.memfuse.config.key.DatabaseKeys;
import io.memfuse.config.key.MonitoringKeys;
import io.memfuse.config.key.ServiceSettingKey;
import io.memfuse.config.kind.Key;
import io.memfuse.config.kind.TextRule;
import io.memfuse.config.platform.Factories;
import io.memfuse.config.platform.ServiceSettingsReader;
import io.memfuse.config.read.Reading;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.service.ServiceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists every value that a platform works with. For one use. */
public final class EffectiveConfig {

    private static final String POOL = "connection_pool.";
    private static final String MONITORING = "monitoring.";

    private final MemFuseConfig config;
    private final List<ServiceFactory<?>> factories;
    private final List<EffectiveValue> values = new ArrayList<>();

    public EffectiveConfig(MemFuseConfig config, List<ServiceFactory<?>> factories) {
        this.config = config;
        this.factories = factories;
    }

    /** Returns the values, in the order of the configuration; the services in that of their names. */
    public List<EffectiveValue> values() {
        config.databases()
                .forEach(database -> addDatabase("databases." + database.name(), DatabaseKeys.OF_A_DATABASE, database));
        OpenPoolLimits openPools = config.connectionPool().openPools();
        add(POOL, ConnectionPoolKeys.POOL_IDLE_TIMEOUT, openPools.poolIdleTimeout());
        add(POOL, ConnectionPoolKeys.MAX_OPEN_POOLS, openPools.maxOpenPools());
        addWarmups();
        addPrecaches();
        addServices();
        MonitoringConfig monitoring = config.monitoring();
        add(MONITORING, MonitoringKeys.TIMES_ONE_IN, monitoring.timesOneIn());
        add(MONITORING, MonitoringKeys.PROBE_AFTER, monitoring.probeAfter());
        add(
                MONITORING,
                MonitoringKeys.TRACK_HOLDERS,
                monitoring.holderTracking().oneIn());
        add(
                MONITORING,
                MonitoringKeys.LEAK_THRESHOLD,
                monitoring.holderTracking().leakThreshold());
        add(MONITORING, MonitoringKeys.JMX, monitoring.jmx());
        return List.copyOf(values);
    }

    private void addWarmups() {
        List<DatabaseConfig> warmups = config.connectionPool().warmupConfigs();
        for (int i = 0; i < warmups.size(); i++) {
            String path = POOL + ConnectionPoolKeys.WARMUP_CONFIGS + "[" + i + "]";
            if (config.databases().contains(warmups.get(i))) {
                add(path, warmups.get(i).name(), origin(path));
            } else {
                addDatabase(path, DatabaseKeys.OF_AN_ENTRY, warmups.get(i));
            }
        }
    }

    private void addDatabase(String path, List<DatabaseKey<?>> keys, DatabaseConfig database) {
        for (DatabaseKey<?> key : keys) {
            if (key.equals(DatabaseKeys.SERVER_SETTINGS)) {
                addServerSettings(path, database);
            } else {
                add(path + "." + key.name(), key.show(database), originOf(path, key.name()));
            }
        }
    }

    private void addServerSettings(String path, DatabaseConfig database) {
        for (Map.Entry<String, String> setting :
                database.spec().serverSettings().entrySet()) {
            String name = DatabaseKeys.SERVER_SETTINGS.name() + "." + setting.getKey();
            Optional<Origin> origin = originOf(path, name);
            // What they mean is known to extensions only: a text from the environment may be a secret.
            boolean hidden = origin.isPresent() && origin.get().environment();
            add(path + "." + name, hidden ? "[secret]" : TextRule.SERVER_SETTING.show(setting.getValue()), origin);
        }
    }

    private void addPrecaches() {
        List<PrecacheConfig> precaches = config.connectionPool().precacheConfigs();
        String first = config.allDatabases().stream()
                .findFirst()
                .map(DatabaseConfig::name)
                .orElse("none");
        for (int i = 0; i < precaches.size(); i++) {
            PrecacheConfig precache = precaches.get(i);
            String path = POOL + ConnectionPoolKeys.PRECACHE_CONFIGS + "[" + i + "].";
            add(path, ConnectionPoolKeys.USER, precache.user());
            for (int j = 0; j < precache.services().size(); j++) {
                String service = path + ConnectionPoolKeys.SERVICES + "[" + j + "]";
                add(service, precache.services().get(j), origin(service));
            }
            add(path, ConnectionPoolKeys.DATABASE, precache.database() == null ? first : precache.database());
        }
    }

    private void addServices() {
        Map<String, ServiceSettings> settings =
                ServiceSettingsReader.read(Reading.of(config), new Factories(factories));
        factories.stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(factory -> {
                    ServiceSettings own = settings.getOrDefault(factory.name(), ServiceSettings.NONE);
                    for (ServiceSettingKey<?> key : ServiceSettingKey.of(factory)) {
                        String path =
                                "services." + factory.name() + "." + key.key().name();
                        add(path, key.show(own), origin(path));
                    }
                });
    }

    private <T> void add(String parent, Key<T> key, T value) {
        String path = parent + key.name();
        add(path, key.kind().show(value), origin(path));
    }

    private void add(String path, String value, Optional<Origin> origin) {
        values.add(new EffectiveValue(path, value, origin.orElse(null)));
    }

    private Optional<Origin> origin(String path) {
        return config.origins().of(path);
    }

    /** Returns where a value of a database comes from: from itself, or from {@code defaults}. */
    private Optional<Origin> originOf(String database, String key) {
        return origin(database + "." + key).or(() -> origin("defaults." + key));
    }
}
