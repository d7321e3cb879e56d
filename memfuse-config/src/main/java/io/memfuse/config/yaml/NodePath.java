package io.memfuse.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * The way from the root of a document to one of its nodes, such as {@code connection_pool.warmup_configs[0].port}.
 * Immutable; written out only when a message needs it, so that a large file costs no text.
 */
public final class NodePath {

    /** The path of the document itself; its text is empty. */
    public static final NodePath ROOT = new NodePath(null, "", false);

    private static final int MAX_STEP_LENGTH = 64;

    private final @Nullable NodePath parent;
    private final String step;
    private final boolean closed;

    private NodePath(@Nullable NodePath parent, String step, boolean closed) {
        this.parent = parent;
        this.step = step;
        this.closed = closed;
    }

    /** Returns the path of the value under {@code key}, or this path if it is closed. */
    public NodePath child(String key) {
        return closed
                ? this
                : new NodePath(this, (parent == null ? "" : ".") + Shown.plain(key, MAX_STEP_LENGTH), false);
    }

    /** Returns the path of an item of a list, or this path if it is closed. */
    public NodePath item(int index) {
        return closed ? this : new NodePath(this, "[" + index + "]", false);
    }

    /** Returns this path with an end to it: nothing below has a path of its own, because its keys may be secret. */
    public NodePath close() {
        return new NodePath(parent, step, true);
    }

    /** Tells whether what lies below must not be shown. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (NodePath path = this; path != null; path = path.parent) {
            text.insert(0, path.step);
        }
        return text.toString();
    }
}
