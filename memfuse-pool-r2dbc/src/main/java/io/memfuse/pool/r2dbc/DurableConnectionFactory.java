package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.time.Ticker;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import reactor.core.publisher.Mono;

/**
 * Outlives its pools: each borrower is led to the pool of the moment, and to the next one when that pool drains while it waits.
 * Its time to wait goes on meanwhile. Thread-safe; never blocks.
 */
final class DurableConnectionFactory implements ConnectionFactory {

    private final PoolRoute<ConnectionFactory> route;
    private final Mono<Connection> borrowing;

    DurableConnectionFactory(PoolRoute<ConnectionFactory> route, Ticker ticker) {
        this.route = route;
        this.borrowing = AcquireMono.of(new Reroute(route, ticker));
    }

    /** The same for everybody; each subscription is a borrower. */
    @Override
    public Mono<Connection> create() {
        return borrowing;
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
        return PoolMetadata.INSTANCE;
    }

    @Override
    public String toString() {
        return "durable " + route.key();
    }
}
