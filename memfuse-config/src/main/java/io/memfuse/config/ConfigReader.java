package io.memfuse.config;

import io.memfuse.config.yaml.Node;
import io.memfuse.config.yaml.YamlReader;
import io.memfuse.config.yaml.YamlText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a configuration, and reports everything that is wrong with it at once. Immutable and thread-safe. */
public final class ConfigReader {

    private static final String CONNECTION_POOL = "connection_pool";
    private static final Set<String> KEYS = Set.of(CONNECTION_POOL);

    private final Function<String, @Nullable String> environment;

    private ConfigReader(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Returns a reader that puts the variables of the process's environment into values. */
    public static ConfigReader create() {
        return new ConfigReader(System::getenv);
    }

    /** Returns a reader that puts these variables into values. */
    public ConfigReader withEnvironment(Map<String, String> variables) {
        return new ConfigReader(Map.copyOf(variables)::get);
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
        var source = new Source(file, environment, problems);
        ConnectionPoolConfig connectionPool = text.flatMap(
                        found -> YamlReader.read(found, WarmupReader::isSecret, problems))
                .flatMap(root -> root(root, source))
                .map(root -> connectionPool(root, source))
                .orElse(ConnectionPoolConfig.EMPTY);
        return new Reading(new MemFuseConfig(connectionPool, source.origins()), source.names(), problems);
    }

    private static Optional<Section> root(Node root, Source source) {
        if (root instanceof Node.Nothing) {
            source.problems()
                    .add(root.place(), "is empty", "write '" + CONNECTION_POOL + ":' and, below it, what to warm");
            return Optional.empty();
        }
        return Section.of(root, source);
    }

    private static ConnectionPoolConfig connectionPool(Section root, Source source) {
        root.refuseUnknownKeys(KEYS);
        root.require(CONNECTION_POOL);
        return root.section(CONNECTION_POOL)
                .map(section -> new ConnectionPoolReader(source).read(section))
                .orElse(ConnectionPoolConfig.EMPTY);
    }
}
