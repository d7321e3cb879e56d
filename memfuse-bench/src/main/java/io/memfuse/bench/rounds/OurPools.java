package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.Ours;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/** A registry with some databases: what an application has once it has started. Thread-safe. */
final class OurPools implements AutoCloseable {

    private final PoolRegistry registry;
    private final List<PoolKey<DataSource>> keys;
    private final List<DataSource> durable;

    OurPools(List<Database> databases, int min, int max) {
        registry = Ours.registry(databases.get(0));
        keys = databases.stream()
                .map(database -> registry.register(Ours.spec(database, min, max), DataSource.class))
                .toList();
        durable = keys.stream().map(registry::durable).toList();
    }

    PoolRegistry registry() {
        return registry;
    }

    DataSource durable(int database) {
        return durable.get(database);
    }

    PoolKey<DataSource> key(int database) {
        return keys.get(database);
    }

    /** Opens and fills all, side by side. */
    void warmUp() {
        CompletableFuture.allOf(keys.stream()
                        .map(key -> registry.warmUp(key).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    /** Closes all pools; they are opened again when they are asked for. */
    void evict() {
        keys.forEach(key -> registry.evict(key).toCompletableFuture().join());
    }

    @Override
    public void close() {
        registry.close();
    }
}
