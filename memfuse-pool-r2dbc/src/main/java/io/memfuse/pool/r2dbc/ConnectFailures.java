package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.ConnectFailure;
import io.memfuse.core.pool.ConnectFailureException;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.r2dbc.spi.R2dbcException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads off a driver's error why a database cannot be used: by the error of the network below it, else by SQLState. */
final class ConnectFailures {

    /** Parameter unknown, value refused, not to be changed by this user, not to be changed at all. */
    private static final Set<String> PARAMETER_STATES = Set.of("42704", "22023", "42501", "55P02");

    /** Netty's, by name: it is there only if the driver is. */
    private static final String CONNECT_TIMEOUT = "io.netty.channel.ConnectTimeoutException";

    /** The driver's, for a connection that ended where an answer was expected; it is not public. */
    private static final String HUNG_UP = "PostgresConnectionClosedException";

    /** The driver's, when the server has no SSL; as with the one above, the class is not public. */
    private static final String NO_SSL = "Server support for SSL connection is disabled";

    /** The driver's, when the server asks for what the specification does not have. */
    private static final String PASSWORD_MISSING = "Password must not be null";

    private ConnectFailures() {}

    /** Returns the failure to report; its message is in the driver's words, which name no password. */
    static PoolOpenException toPoolException(PoolKey<?> key, Throwable failure, Duration took) {
        ConnectFailure found = of(key.endpoints().first(), failure);
        return PoolOpenException.attemptFailed(key, found.kind(), found.reason(), took, failure);
    }

    /** Returns what an attempt to connect to one endpoint came to. */
    static ConnectFailure of(Endpoint endpoint, Throwable failure) {
        return find(failure, ConnectFailureException.class::isInstance) instanceof ConnectFailureException known
                ? known.failure()
                : new ConnectFailure(kind(failure), reason(endpoint, failure));
    }

    /** Returns the kind of failure. */
    static FailureKind kind(Throwable failure) {
        if (find(failure, ConnectFailures::isUntrusted) != null
                || find(failure, ConnectFailures::isWithoutSsl) != null) {
            return FailureKind.INSECURE;
        }
        // The driver has an SQLState of its own for what it could not ask the server.
        if (find(failure, ConnectFailures::isUnanswered) != null) {
            return FailureKind.NO_ANSWER;
        }
        if (find(failure, ConnectFailures::isNetwork) != null) {
            return FailureKind.UNREACHABLE;
        }
        if (find(failure, ConnectFailures::isPasswordMissing) != null) {
            return FailureKind.BAD_CREDENTIALS;
        }
        String state = sqlState(failure);
        if (state != null) {
            return kind(state);
        }
        return failure instanceof LinkageError || failure instanceof IllegalArgumentException
                ? FailureKind.MISCONFIGURED
                : FailureKind.OTHER;
    }

    private static FailureKind kind(String sqlState) {
        if (sqlState.startsWith("28")) {
            return FailureKind.BAD_CREDENTIALS;
        }
        if (PARAMETER_STATES.contains(sqlState)) {
            return FailureKind.MISCONFIGURED;
        }
        return switch (sqlState) {
            case "3D000" -> FailureKind.UNKNOWN_DATABASE;
            case "53300" -> FailureKind.TOO_MANY_CONNECTIONS;
            default -> FailureKind.OTHER;
        };
    }

    private static boolean isUnanswered(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof SocketTimeoutException
                || failure.getClass().getName().equals(CONNECT_TIMEOUT)
                || isHangUp(failure);
    }

    private static boolean isHangUp(Throwable failure) {
        return failure.getClass().getSimpleName().equals(HUNG_UP);
    }

    private static boolean isPasswordMissing(Throwable failure) {
        return failure instanceof IllegalArgumentException && PASSWORD_MISSING.equals(failure.getMessage());
    }

    /** Not every error of SSL: some are those of a network that fails, and may be gone with the next attempt. */
    private static boolean isUntrusted(Throwable failure) {
        return failure instanceof CertificateException;
    }

    private static boolean isWithoutSsl(Throwable failure) {
        return failure.getMessage() != null && failure.getMessage().startsWith(NO_SSL);
    }

    private static boolean isNetwork(Throwable failure) {
        // Who cannot agree on encryption has been reached.
        return failure instanceof IOException && !(failure instanceof SSLException);
    }

    private static String reason(Endpoint endpoint, Throwable failure) {
        if (find(failure, UnknownHostException.class::isInstance) != null) {
            return "unknown host '" + endpoint.host() + "'";
        }
        if (find(failure, ConnectFailures::isHangUp) != null) {
            return "the server hung up during the login";
        }
        if (find(failure, ConnectFailures::isPasswordMissing) != null) {
            return "the server asks for a password, and there is none";
        }
        if (find(failure, ConnectFailures::isWithoutSsl) != null) {
            return "the server does not support SSL";
        }
        Throwable network = find(failure, IOException.class::isInstance);
        if (network != null && network.getMessage() != null) {
            return network.getMessage();
        }
        if (failure instanceof LinkageError) {
            return "the PostgreSQL R2DBC driver (org.postgresql:r2dbc-postgresql) is not there or does not fit: "
                    + failure;
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static @Nullable String sqlState(Throwable failure) {
        Throwable told = find(failure, cause -> cause instanceof R2dbcException e && e.getSqlState() != null);
        return told instanceof R2dbcException e ? e.getSqlState() : null;
    }

    private static @Nullable Throwable find(Throwable failure, Predicate<Throwable> wanted) {
        // Bounded, because chains of causes can be circles.
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (wanted.test(cause)) {
                return cause;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
