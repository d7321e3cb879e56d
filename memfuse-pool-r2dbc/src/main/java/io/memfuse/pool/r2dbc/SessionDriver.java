package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolSpec;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** What a pool needs of an R2DBC driver beyond R2DBC itself. Thread-safe. */
interface SessionDriver {

    /** Makes the driver of a pool. */
    interface Factory {

        /**
         * Returns the driver.
         *
         * @throws IllegalArgumentException if the spec cannot work; the message says why
         */
        SessionDriver create(PoolSpec spec, PoolContext context);
    }

    /**
     * Establishes and configures one physical connection for each subscriber. Cancelling leaves nothing behind, whatever
     * the login was at; without it, it may take for ever.
     *
     * @param timeout after which whoever subscribes gives up: the hosts of a database share it
     */
    Mono<Session> connect(Duration timeout);
}
