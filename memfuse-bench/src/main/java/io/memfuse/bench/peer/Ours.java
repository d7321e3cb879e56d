package io.memfuse.bench.peer;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.pool.hikari.HikariPoolProvider;
import io.memfuse.pool.hikari.StubHikari;
import javax.sql.DataSource;

/** Makes registries and specs of our own pools on the same databases. */
public final class Ours {

    private Ours() {}

    /** Returns a registry whose pools connect to the databases of {@code like}'s kind: stubs, or PostgreSQL. */
    public static PoolRegistry registry(Database like) {
        HikariPoolProvider provider = like.isStub() ? StubHikari.on(like.driver()) : new HikariPoolProvider();
        return PoolRegistry.builder().provider(provider).build();
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
