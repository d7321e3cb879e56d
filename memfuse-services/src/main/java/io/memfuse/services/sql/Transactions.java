package io.memfuse.services.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** Runs work in a transaction, whatever the connection's auto-commit says, and gives the connection back as it was. */
final class Transactions {

    private Transactions() {}

    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs one statement, which is a transaction of its own. */
    static <T> T autoCommitted(Connection connection, Work<T> work) throws SQLException {
        return connection.getAutoCommit() ? work.run() : committed(connection, work);
    }

    /** Runs several statements, all or none. */
    static <T> T together(Connection connection, Work<T> work) throws SQLException {
        if (!connection.getAutoCommit()) {
            return committed(connection, work);
        }
        connection.setAutoCommit(false);
        try {
            return committed(connection, work);
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static <T> T committed(Connection connection, Work<T> work) throws SQLException {
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error failure) {
            rollBack(connection, failure);
            throw failure;
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
