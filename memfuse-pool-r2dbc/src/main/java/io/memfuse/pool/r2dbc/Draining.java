package io.memfuse.pool.r2dbc;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the closing of a pool waits for. Thread-safe.
 *
 * @param returned no borrower has a connection any more
 * @param closed there is no connection any more
 */
record Draining(CompletableFuture<@Nullable Void> returned, CompletableFuture<@Nullable Void> closed) {

    Draining() {
        this(new CompletableFuture<>(), new CompletableFuture<>());
    }
}
