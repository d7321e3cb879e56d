package io.memfuse.core.testing;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A route whose pool is about to be replaced by one that is never open: whoever asks without waiting gets the first.
 *
 * @param key of both pools
 * @param first the resource of the first
 */
record ReplacedRoute<R>(PoolKey<R> key, R first) implements PoolRoute<R> {

    @Override
    public R current() {
        return first;
    }

    @Override
    public @Nullable R ifOpen() {
        return first;
    }

    @Override
    public CompletionStage<R> whenOpen() {
        return new CompletableFuture<>();
    }
}
