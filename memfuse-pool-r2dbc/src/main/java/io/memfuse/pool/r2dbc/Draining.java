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

    /** Looks whether there is still something to wait for; one of the pool's steps. */
    void settle(PoolCore pool) {
        if (!pool.members().isAnyLent()) {
            pool.follow(() -> returned.complete(null));
        }
        if (pool.members().isEmpty()) {
            pool.follow(() -> closed.complete(null));
        }
    }
}
