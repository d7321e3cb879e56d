package io.memfuse.bench.peer;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A pool that is open. Thread-safe as the pool is.
 *
 * @param dataSource what borrowers use
 * @param closing closes it and its connections
 */
public record OpenPool(DataSource dataSource, Closing closing) implements AutoCloseable {

    /** Closes a pool. */
    @FunctionalInterface
    public interface Closing {
        /** Closes it. */
        void close() throws SQLException;
    }

    /** Borrows a connection. */
    public Connection borrow() throws SQLException {
        return dataSource.getConnection();
    }

    @Override
    public void close() throws SQLException {
        closing.close();
    }
}
