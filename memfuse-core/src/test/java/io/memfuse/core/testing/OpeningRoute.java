package io.memfuse.core.testing;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A route whose pool is open when the test says so.
 *
 * @param key of the pool
 * @param opening completes with its resource
 */
record OpeningRoute<R>(PoolKey<R> key, CompletableFuture<R> opening) implements PoolRoute<R> {

    @Override
    public R current() {
        return opening.join();
    }

    @Override
    public @Nullable R ifOpen() {
        return opening.getNow(null);
    }

    @Override
    public CompletionStage<R> whenOpen() {
        return opening;
    }
}
