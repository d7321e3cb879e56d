package io.memfuse.bench.stub;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import java.util.List;
import java.util.stream.IntStream;

/** A registry of stub pools, and their keys. Thread-safe. */
public final class StubRegistry implements AutoCloseable {

    private final PoolRegistry registry =
            PoolRegistry.builder().provider(new StubProvider()).build();
    private final List<PoolKey<StubPool>> keys;

    /** Registers so many databases and opens all of them. */
    public StubRegistry(int databases) {
        keys = IntStream.range(0, databases)
                .mapToObj(i -> registry.register(
                        PoolSpec.builder(StubProvider.NAME, "database" + i).build(), StubPool.class))
                .toList();
        keys.forEach(key -> registry.lease(key).close());
    }

    /** Returns the registry. */
    public PoolRegistry registry() {
        return registry;
    }

    /** Returns the keys of the databases, in order. */
    public List<PoolKey<StubPool>> keys() {
        return keys;
    }

    /** Evicts a pool and opens its successor. */
    public void reopen(int database) {
        PoolKey<StubPool> key = keys.get(database);
        registry.evict(key).toCompletableFuture().join();
        registry.lease(key).close();
    }

    @Override
    public void close() {
        registry.close();
    }
}
