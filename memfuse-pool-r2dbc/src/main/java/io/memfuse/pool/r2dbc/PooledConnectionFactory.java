package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import reactor.core.publisher.Mono;

/** What borrowers use of one pool. Thread-safe. */
final class PooledConnectionFactory implements ConnectionFactory {

    private final PoolCore core;
    private final Mono<Connection> borrowing;

    PooledConnectionFactory(PoolCore core) {
        this.core = core;
        this.borrowing = AcquireMono.of(core);
    }

    PoolCore core() {
        return core;
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
        return core.key().toString();
    }
}
