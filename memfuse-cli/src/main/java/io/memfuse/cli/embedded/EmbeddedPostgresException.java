package io.memfuse.cli.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded server cannot be had. The message says why and what to do. */
public final class EmbeddedPostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String ADVICE =
            "; or start a PostgreSQL server yourself and name it in a file given by --config";

    EmbeddedPostgresException(String text, @Nullable Throwable cause) {
        super("embedded PostgreSQL: " + text + ADVICE, cause);
    }
}
