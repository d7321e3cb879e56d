package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;

/** Dresses the failures of pools as JDBC's exceptions: the message stays, the failure is the cause. */
final class SqlExceptions {

    /** The client cannot establish the connection: for failures below which there is no state of the driver. */
    private static final String UNABLE_TO_CONNECT = "08001";

    private SqlExceptions() {}

    /** Returns a transient exception if the same request may succeed later, with the driver's SQLState if there is one. */
    static SQLException of(PoolException failure) {
        String state = sqlState(failure);
        return failure.retryable()
                ? new SQLTransientConnectionException(failure.getMessage(), state, failure)
                : new SQLNonTransientConnectionException(failure.getMessage(), state, failure);
    }

    private static String sqlState(PoolException failure) {
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof SQLException e && e.getSQLState() != null) {
                return e.getSQLState();
            }
            cause = cause.getCause();
        }
        return UNABLE_TO_CONNECT;
    }
}
