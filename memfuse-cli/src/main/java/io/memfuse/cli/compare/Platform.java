package io.memfuse.cli.compare;

import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.pool.hikari.HikariPoolProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/** MemFuse: a registry, and what a platform has it count. Thread-safe. */
final class Platform implements Contender {

    private final PoolRegistry registry;
    private final PoolKey<DataSource> requests;
    private final PoolKey<DataSource> other;
    private final PoolKey<DataSource> dead;
    private final DataSource durable;
    private final DataSource otherDurable;

    Platform(PoolSpec requests, PoolSpec other, PoolSpec dead) {
        this.registry = PoolRegistry.builder()
                .provider(new HikariPoolProvider())
                .listener(new PoolMonitor())
                .build();
        this.requests = registry.register(requests, DataSource.class);
        this.other = registry.register(other, DataSource.class);
        this.dead = registry.register(dead, DataSource.class);
        this.durable = registry.durable(this.requests);
        this.otherDurable = registry.durable(this.other);
        join(registry.warmUp(this.requests));
    }

    private static void join(CompletionStage<?> stage) {
        Object unused = stage.toCompletableFuture().join();
    }

    @Override
    public void find() {
        registry.lease(requests).close();
    }

    @Override
    public Connection connection() throws SQLException {
        return durable.getConnection();
    }

    @Override
    public void closeOther() {
        join(registry.evict(other));
    }

    @Override
    public void openOther() throws SQLException {
        otherDurable.getConnection().close();
    }

    @Override
    public void askDead() {
        try {
            registry.lease(dead).close();
        } catch (PoolException refused) {
            // As was to be expected.
        }
    }

    /** Returns how many acquisitions of the registry's lock had to wait. */
    long contended() {
        return registry.lockMetrics().contended();
    }

    @Override
    public void close() {
        registry.close();
    }
}
