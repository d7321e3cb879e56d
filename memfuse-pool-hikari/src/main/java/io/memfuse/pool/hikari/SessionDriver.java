package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What a pool needs of a JDBC driver beyond JDBC itself. Thread-safe. */
interface SessionDriver {

    /** Makes the driver of a pool. */
    interface Factory {

        /**
         * Returns the driver.
         *
         * @throws IllegalArgumentException if the spec cannot work; the message says why
         */
        SessionDriver create(PoolSpec spec, PoolKey<?> key);
    }

    /** Establishes and configures one physical connection. Blocks. */
    Connection connect() throws SQLException;

    /** Changes how long a login may take, from the next login on. */
    default void setTimeout(Duration timeout) {}

    /** Tells whether the server's session is in a transaction, failed ones included; asks nothing over the network. */
    boolean inTransaction(Connection connection);

    /** Returns what the server calls the connection; asks nothing over the network. */
    String name(Connection connection);

    /** Asks the server to cancel what the connection executes at the moment. Blocks, on a connection of its own. */
    void cancel(Connection connection) throws SQLException;
}
