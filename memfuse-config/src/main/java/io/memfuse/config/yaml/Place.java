package io.memfuse.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands: in a document, or in an environment variable that overrides the document.
 *
 * @param source the environment variable, or the name of another file; null if it is the document that is read
 * @param line line, from 1; 0 if what is meant is the document as a whole, or a variable
 * @param column column, from 1; 0 if what is meant is the document as a whole, or a variable
 * @param path the way from the root
 */
public record Place(@Nullable String source, int line, int column, NodePath path) {

    /** The document as a whole. */
    public static final Place DOCUMENT = new Place(0, 0, NodePath.ROOT);

    /** Makes a place in the document. */
    public Place(int line, int column, NodePath path) {
        this(null, line, column, path);
    }

    /** Returns the place of what an environment variable sets. */
    public static Place ofVariable(String variable, NodePath path) {
        return new Place(variable, 0, 0, path);
    }
}
