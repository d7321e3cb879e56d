package io.memfuse.bench.peer;

import io.memfuse.bench.stub.StubReactiveConnection;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.pool.r2dbc.StubR2dbc;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/**
 * A reactive pool that is open and full, on a driver without a server. Thread-safe.
 *
 * @param borrowAndGiveBack takes a connection and gives it back, for each subscriber
 * @param closing closes it
 */
public record ReactivePool(Mono<Void> borrowAndGiveBack, Runnable closing) implements AutoCloseable {

    /** Opens a pool of so many connections. */
    public static ReactivePool open(String name, int size) {
        return switch (name) {
            case "memfuse" -> memfuse(size);
            case "r2dbc-pool" -> r2dbcPool(ConnectionPoolConfiguration.builder(new Stub()), size);
            case "r2dbc-pool-deadline" ->
                r2dbcPool(ConnectionPoolConfiguration.builder(new Stub()).maxAcquireTime(Duration.ofSeconds(60)), size);
            case "reactor-pool" -> reactorPool(size);
            default -> throw new IllegalArgumentException("no such pool: " + name);
        };
    }

    private static ReactivePool memfuse(int size) {
        PoolRegistry registry =
                PoolRegistry.builder().provider(StubR2dbc.on(new Stub())).build();
        PoolSpec spec = PoolSpec.builder("r2dbc", "stub")
                .limits(PoolLimits.DEFAULTS.withSizes(size, size))
                .build();
        PoolKey<ConnectionFactory> key = registry.register(spec, ConnectionFactory.class);
        registry.warmUp(key).toCompletableFuture().join();
        return new ReactivePool(through(registry.durable(key)), registry::close);
    }

    private static ReactivePool r2dbcPool(ConnectionPoolConfiguration.Builder builder, int size) {
        var pool = new ConnectionPool(builder.initialSize(size).maxSize(size).build());
        pool.warmup().block();
        return new ReactivePool(through(pool), pool::dispose);
    }

    private static ReactivePool reactorPool(int size) {
        InstrumentedPool<Connection> pool = PoolBuilder.<Connection>from(Mono.fromSupplier(StubReactiveConnection::new))
                .sizeBetween(size, size)
                .buildPool();
        pool.warmup().block();
        return new ReactivePool(pool.acquire().flatMap(PooledRef::release), pool::dispose);
    }

    private static Mono<Void> through(ConnectionFactory factory) {
        return Mono.from(factory.create()).flatMap(connection -> Mono.from(connection.close()));
    }

    @Override
    public void close() {
        closing.run();
    }

    private static final class Stub implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.fromSupplier(StubReactiveConnection::new);
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "stub";
        }
    }
}
