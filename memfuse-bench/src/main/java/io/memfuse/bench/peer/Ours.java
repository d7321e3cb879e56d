package io.memfuse.bench.peer;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.core.health.HealthMonitor;
import io.memfuse.core.health.HealthSettings;
import io.memfuse.core.monitor.JfrListener;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolRegistryBuilder;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import io.memfuse.pool.hikari.HikariPoolProvider;
import io.memfuse.pool.hikari.StubHikari;
import javax.sql.DataSource;

/** Makes registries and specs of our own pools on the same databases. */
public final class Ours {

    private Ours() {}

    /** Returns a registry whose pools connect to the databases of {@code like}'s kind: stubs, or PostgreSQL. */
    public static PoolRegistry registry(Database like) {
        return builder(like).build();
    }

    private static PoolRegistryBuilder builder(Database like) {
        HikariPoolProvider provider = like.isStub() ? StubHikari.on(like.driver()) : new HikariPoolProvider();
        return PoolRegistry.builder().provider(provider);
    }

    /** Opens and fills one pool, and has all that happens to it counted, and its health looked after, as a platform does. */
    public static OpenPool openMonitored(Database database, int min, int max, PoolMonitor monitor) {
        EngineThreads threads = EngineThreads.create();
        PoolRegistry registry = builder(database)
                .threads(threads)
                .listener(monitor)
                .listener(new JfrListener())
                .build();
        var health = new HealthMonitor(registry, monitor, threads, Ticker.system(), HealthSettings.DEFAULT);
        health.start();
        PoolKey<DataSource> key = registry.register(spec(database, min, max), DataSource.class);
        registry.warmUp(key).toCompletableFuture().join();
        return new OpenPool(registry.durable(key), () -> {
            health.close();
            registry.close();
            threads.close();
        });
    }

    /** Returns the spec of a pool with our defaults but for its sizes. */
    public static PoolSpec spec(Database database, int min, int max) {
        return PoolSpec.builder(HikariPoolProvider.NAME, database.name())
                .host(Database.HOST)
                .port(database.isStub() ? 1 : database.port())
                .user(EmbeddedPostgres.USER)
                .password(Secret.of(EmbeddedPostgres.PASSWORD))
                .limits(PoolLimits.DEFAULTS.withSizes(min, max))
                .build();
    }

    /** Opens and fills one pool in a registry of its own; borrowers use the durable data source. */
    public static OpenPool open(Database database, int min, int max) {
        PoolRegistry registry = registry(database);
        PoolKey<DataSource> key = registry.register(spec(database, min, max), DataSource.class);
        registry.warmUp(key).toCompletableFuture().join();
        return new OpenPool(registry.durable(key), registry::close);
    }
}
