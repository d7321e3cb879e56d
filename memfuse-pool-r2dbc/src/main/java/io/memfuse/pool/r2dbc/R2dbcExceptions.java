package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolTimeoutException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import org.jspecify.annotations.Nullable;

/** Dresses the failures of pools as R2DBC's exceptions: the message stays, the failure is the cause. */
final class R2dbcExceptions {

    /** The client cannot establish the connection: for failures below which there is no state of the driver. */
    private static final String UNABLE_TO_CONNECT = "08001";

    /** The connection does not exist. */
    private static final String NO_CONNECTION = "08003";

    private R2dbcExceptions() {}

    /** Returns a transient exception if the same request may succeed later, with the driver's SQLState if there is one. */
    static R2dbcException of(PoolException failure) {
        String state = sqlState(failure);
        if (failure instanceof PoolTimeoutException) {
            return new R2dbcTimeoutException(failure.getMessage(), state, failure);
        }
        if (failure instanceof PoolOpenException open && open.kind() == FailureKind.BAD_CREDENTIALS) {
            // Who asks once more at once is refused once more, and may be locked out.
            return new R2dbcPermissionDeniedException(failure.getMessage(), state, failure);
        }
        return failure.retryable()
                ? new R2dbcTransientResourceException(failure.getMessage(), state, failure)
                : new R2dbcNonTransientResourceException(failure.getMessage(), state, failure);
    }

    /** A borrower goes on with a connection that it gave back. */
    static R2dbcException givenBack(PoolKey<?> key) {
        return new R2dbcNonTransientResourceException(
                key + ": this connection was given back to its pool; borrow another", NO_CONNECTION);
    }

    /** A borrower goes on with a connection that was taken from it. */
    static R2dbcException cutOff(PoolKey<?> key) {
        return new R2dbcNonTransientResourceException(
                key + ": this connection was cut off when its pool was closed or replaced, for it was not given back in"
                        + " time; borrow another, or give the drain more time",
                NO_CONNECTION);
    }

    private static String sqlState(PoolException failure) {
        // Bounded, because chains of causes can be circles.
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < 10; depth++) {
            String state = stateOf(cause);
            if (state != null) {
                return state;
            }
            cause = cause.getCause();
        }
        return UNABLE_TO_CONNECT;
    }

    private static @Nullable String stateOf(Throwable cause) {
        return cause instanceof R2dbcException e ? e.getSqlState() : null;
    }
}
