package io.memfuse.services.sql;

import io.memfuse.core.pool.PoolException;
import io.memfuse.services.StorageException;
import io.memfuse.services.StorageException.Code;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads off a driver's or a pool's error what the caller can do about it. */
final class SqlFailures {

    /** Connection, transaction rolled back, read-only server, resources, not in a fit state, operator, system. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "25", "53", "55", "57", "58");

    /** Data exception, integrity violation, program limit. */
    private static final Set<String> DATA_CLASSES = Set.of("22", "23", "54");

    private SqlFailures() {}

    /** Returns what the caller of a service is told. */
    static StorageException translate(Throwable failure, String subject, String operation) {
        return new StorageException(codeOf(failure), subject, operation, failure);
    }

    private static Code codeOf(Throwable failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof PoolException pool) {
                return pool.retryable() ? Code.UNAVAILABLE : Code.FAILED;
            }
        }
        return failure instanceof SQLException sql ? codeOf(sql) : Code.FAILED;
    }

    private static Code codeOf(SQLException failure) {
        String state = failure.getSQLState();
        String stateClass = state == null || state.length() < 2 ? "" : state.substring(0, 2);
        if (DATA_CLASSES.contains(stateClass)) {
            return Code.REFUSED;
        }
        boolean passing = PASSING_CLASSES.contains(stateClass)
                || failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException;
        return passing ? Code.UNAVAILABLE : Code.FAILED;
    }
}
