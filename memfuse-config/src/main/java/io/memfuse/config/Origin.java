package io.memfuse.config;

import java.util.Objects;

/**
 * Where a value comes from.
 *
 * @param file the file that gives it
 * @param line its line, from 1
 * @param column its column, from 1
 * @param environment whether its text, or a part of it, comes from the environment: a variable, or a file that it names
 */
public record Origin(String file, int line, int column, boolean environment) {

    public Origin {
        Objects.requireNonNull(file, "file");
    }
}
