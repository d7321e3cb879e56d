package io.memfuse.config;

import java.util.Objects;

/**
 * Where a value comes from.
 *
 * @param file the file that gives it, or the environment variable that overrides the file
 * @param line its line, from 1; 0 if it is a variable
 * @param column its column, from 1; 0 if it is a variable
 * @param environment whether its text, or a part of it, comes from the environment: a variable, or a file that it names
 */
public record Origin(String file, int line, int column, boolean environment) {

    public Origin {
        Objects.requireNonNull(file, "file");
    }

    /** Returns {@code file:line:column}, or the name of the variable. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
