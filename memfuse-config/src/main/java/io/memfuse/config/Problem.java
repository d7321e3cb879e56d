package io.memfuse.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration. Immutable and thread-safe; contains no secret.
 *
 * @param file the file, as it was named by the user, or the environment variable that overrides it
 * @param line line, from 1; 0 if the file as a whole or a variable is meant
 * @param column column, from 1; 0 if the file as a whole or a variable is meant
 * @param path what is meant, such as {@code connection_pool.warmup_configs[0].port}; empty for the file as a whole
 * @param message what is wrong
 * @param hint what to do: the nearest known key, the accepted range; null if there is nothing to say
 */
public record Problem(
        String file,
        int line,
        int column,
        String path,
        String message,
        @Nullable String hint) {

    public Problem {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
    }

    /** Returns {@code file:line:column: path: message; hint}, without the parts that there are not. */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line + ":" + column) + ": " + (path.isEmpty() ? "" : path + ": ")
                + message + (hint == null ? "" : "; " + hint);
    }
}
