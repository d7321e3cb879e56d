package io.memfuse.config.yaml;

/**
 * Where something stands in a document.
 *
 * @param line line, from 1; 0 if what is meant is the document as a whole
 * @param column column, from 1; 0 if what is meant is the document as a whole
 * @param path the way from the root
 */
public record Place(int line, int column, NodePath path) {

    /** The document as a whole. */
    public static final Place DOCUMENT = new Place(0, 0, NodePath.ROOT);
}
