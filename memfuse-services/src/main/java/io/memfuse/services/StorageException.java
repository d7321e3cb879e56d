package io.memfuse.services;

import io.memfuse.core.pool.PoolException;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service could not do on its database what it was asked. The message says which service of which user, what was tried
 * and what to do; it starts with the stable code in brackets and contains neither the user's data nor a secret. The cause
 * is the driver's or the pool's own error; that of {@link Code#REFUSED} may quote the data.
 *
 * <p>All operations of the services may be repeated: what a lost answer leaves in doubt is written once.
 */
public final class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    /** Why it could not be done. */
    public enum Code {
        /** The database could not be reached, had no connection left, or broke off. */
        UNAVAILABLE("StorageUnavailable", true, "nothing is wrong with the request; try again"),
        /** PostgreSQL can never take these values. */
        REFUSED("StorageRefused", false, "PostgreSQL does not take these values; see the cause"),
        /** Anything else: rights, a table that is not there, a defect. */
        FAILED("StorageFailed", false, "check the schema 'memfuse' and the rights of the database user; see the cause");

        private final String text;
        private final boolean retryable;
        private final String advice;

        Code(String text, boolean retryable, String advice) {
            this.text = text;
            this.retryable = retryable;
            this.advice = advice;
        }

        /** Returns the stable name, as it stands in messages. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Makes the exception.
     *
     * @param subject the service and its user, such as {@code storage of user 'alice'}
     * @param operation what was tried, without data, such as {@code put a record}
     */
    public StorageException(Code code, String subject, String operation, Throwable cause) {
        super(message(code, subject, operation, cause), Objects.requireNonNull(cause, "cause"));
        this.code = code;
    }

    private static String message(Code code, String subject, String operation, Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof PoolException pool) { // It says itself what is wrong, and what to do.
                return "[MemFuse/" + code + "] " + subject + ": could not " + operation + ": " + pool.getMessage();
            }
        }
        String state = sqlState(cause);
        return "[MemFuse/" + code + "] " + subject + ": could not " + operation
                + (state == null ? "" : " (SQLSTATE " + state + ")") + "; " + code.advice;
    }

    private static @Nullable String sqlState(Throwable cause) {
        return cause instanceof SQLException sql ? sql.getSQLState() : null;
    }

    /** Returns why it could not be done. */
    public Code code() {
        return code;
    }

    /** Tells whether the same request may succeed later. */
    public boolean retryable() {
        return code.retryable;
    }
}
