package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Borrows a connection for each subscriber: of one pool, or of the pool of the moment. Immutable and thread-safe. */
final class AcquireMono extends Mono<Connection> {

    private final @Nullable PoolCore pool;
    private final @Nullable Reroute reroute;

    private AcquireMono(@Nullable PoolCore pool, @Nullable Reroute reroute) {
        this.pool = pool;
        this.reroute = reroute;
    }

    static AcquireMono of(PoolCore pool) {
        return new AcquireMono(pool, null);
    }

    static AcquireMono of(Reroute reroute) {
        return new AcquireMono(null, reroute);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Connection> subscriber) {
        PoolCore now = reroute == null ? pool : reroute.open();
        subscriber.onSubscribe(new Waiter(subscriber, now, reroute));
    }
}
