package io.memfuse.core.testing;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A route whose pool is replaced when the test says so. */
final class ContractRoute<R> implements PoolRoute<R> {

    private final PoolKey<R> key;
    private final ContractPools.Work<PoolHandle<R>> opener;
    private volatile PoolHandle<R> pool;

    ContractRoute(PoolKey<R> key, ContractPools.Work<PoolHandle<R>> opener) throws Exception {
        this.key = key;
        this.opener = opener;
        this.pool = opener.run();
    }

    /** Puts a new pool before it closes the old one, as the registry does. */
    DrainReport replace() throws Exception {
        PoolHandle<R> old = pool;
        pool = opener.run();
        return old.close(Duration.ofSeconds(20));
    }

    @Override
    public PoolKey<R> key() {
        return key;
    }

    @Override
    public R current() {
        return pool.resource();
    }

    @Override
    public R ifOpen() {
        return pool.resource();
    }

    @Override
    public CompletionStage<R> whenOpen() {
        return CompletableFuture.completedStage(current());
    }
}
