package io.memfuse.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --config} of the commands that can do without it. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            converter = FileName.class,
            description = "Configuration; without it a built-in one, on an embedded PostgreSQL.")
    private @Nullable Path file;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
