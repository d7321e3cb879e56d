package io.memfuse.config;

import io.memfuse.config.key.ConnectionPoolKeys;
import io.memfuse.config.kind.NameUse;
import io.memfuse.config.kind.Section;
import io.memfuse.config.kind.Source;
import io.memfuse.config.kind.TextRule;
import io.memfuse.config.read.ConnectionPoolReader;
import io.memfuse.config.read.DatabaseReader;
import io.memfuse.config.read.DatabasesReader;
import io.memfuse.config.read.MonitoringReader;
import io.memfuse.config.read.Overrides;
import io.memfuse.config.read.Reading;
import io.memfuse.config.secret.Secrets;
import io.memfuse.config.value.Problems;
import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.YamlReader;
import io.memfuse.config.yaml.YamlText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads a configuration, and reports everything that is wrong with it at once. Immutable and thread-safe. */
public final class ConfigReader {

    private static final String CONNECTION_POOL = "connection_pool";
    private static final String DEFAULTS = "defaults";
    private static final String DATABASES = "databases";
    private static final String SERVICES = "services";
    private static final String MONITORING = "monitoring";
    private static final Set<String> KEYS = Set.of(CONNECTION_POOL, DEFAULTS, DATABASES, SERVICES, MONITORING);

    private final Map<String, String> environment;
    private final Secrets secrets;

    private ConfigReader(Map<String, String> environment, Secrets secrets) {
        this.environment = environment;
        this.secrets = secrets;
    }

    /** Returns a reader that reads the variables of the process's environment. */
    public static ConfigReader create() {
        return new ConfigReader(System.getenv(), Secrets.found());
    }

    /** Returns a reader with these variables of the environment. */
    public ConfigReader withEnvironment(Map<String, String> variables) {
        return new ConfigReader(Map.copyOf(variables), secrets);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException if anything is wrong with it; lists everything that is
     */
    public MemFuseConfig read(Path file) {
        return readAll(file).valid();
    }

    /** Reads a file, whatever is wrong with it. */
    Reading readAll(Path file) {
        var problems = new Problems(Objects.requireNonNull(file, "file").toString());
        return read(file.toString(), YamlText.read(file, problems), problems);
    }

    /**
     * Reads a text.
     *
     * @param file how messages name it
     * @throws ConfigException if anything is wrong with it; lists everything that is
     */
    public MemFuseConfig read(String file, String text) {
        var problems = new Problems(Objects.requireNonNull(file, "file"));
        return read(file, YamlText.check(Objects.requireNonNull(text, "text"), problems), problems)
                .valid();
    }

    private Reading read(String file, Optional<String> text, Problems problems) {
        var source = new Source(file, environment, secrets, problems);
        MemFuseConfig config = text.flatMap(found -> YamlReader.read(found, DatabaseReader::isSecret, problems))
                .map(root -> Overrides.of(environment, problems).over(root))
                .flatMap(root -> root(root, source))
                .map(root -> config(root, source))
                .orElse(new MemFuseConfig(ConnectionPoolConfig.EMPTY));
        return new Reading(config, source.databases(), source.names(), problems);
    }

    private static Optional<Section> root(Node root, Source source) {
        if (root instanceof Node.Nothing) {
            source.problems()
                    .add(root.place(), "is empty", "write '" + DATABASES + ":' and, below it, the databases by name");
            return Optional.empty();
        }
        return Section.of(root, source);
    }

    private static MemFuseConfig config(Section root, Source source) {
        root.refuseUnknownKeys(KEYS);
        if (!root.has(CONNECTION_POOL) && !root.has(DATABASES)) {
            source.problems()
                    .add(
                            root.place(),
                            "'" + DATABASES + "' and '" + CONNECTION_POOL + "' are missing",
                            "add one of them");
        }
        Optional<Section> pool = root.section(CONNECTION_POOL);
        DatabasesReader.Found found = new DatabasesReader(source)
                .read(
                        root.section(DEFAULTS),
                        root.section(DATABASES),
                        pool.map(section -> section.list(ConnectionPoolKeys.WARMUP_CONFIGS))
                                .orElse(List.of()));
        ConnectionPoolConfig connectionPool = pool.map(section -> new ConnectionPoolReader(source).read(section, found))
                .orElse(ConnectionPoolConfig.EMPTY);
        MonitoringConfig monitoring =
                root.section(MONITORING).map(MonitoringReader::read).orElse(MonitoringConfig.DEFAULT);
        return new MemFuseConfig(
                found.databases(), connectionPool, services(root, source), monitoring, source.origins());
    }

    private static Map<String, Map<String, String>> services(Section root, Source source) {
        Map<String, Map<String, String>> services = new LinkedHashMap<>();
        root.section(SERVICES)
                .ifPresent(section -> section.keys().forEach(name -> {
                    source.used(
                            new NameUse(NameUse.Kind.SERVICE, section.place().path() + "." + name, name));
                    section.section(name)
                            .ifPresent(service -> services.put(name, service.texts(TextRule.ANY, TextRule.ANY)));
                }));
        return services;
    }
}
