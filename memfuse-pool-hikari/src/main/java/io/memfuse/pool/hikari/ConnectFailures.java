package io.memfuse.pool.hikari;

import io.memfuse.core.pool.ConnectFailure;
import io.memfuse.core.pool.ConnectFailureException;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Reads off a driver's error why a database cannot be used: by the error of the network below it, else by SQLState. */
final class ConnectFailures {

    /** Parameter unknown, value refused, not to be changed by this user, not to be changed at all. */
    private static final Set<String> PARAMETER_STATES = Set.of("42704", "22023", "42501", "55P02");

    private ConnectFailures() {}

    /** Returns the failure to report; its message is in the driver's words, which name no password. */
    static PoolOpenException toPoolException(PoolKey<?> key, Throwable failure, Duration took) {
        ConnectFailure found = of(key.endpoints().first(), failure);
        return PoolOpenException.attemptFailed(key, found.kind(), found.reason(), took, failure);
    }

    /** Returns what an attempt to connect to one endpoint came to. */
    static ConnectFailure of(Endpoint endpoint, Throwable failure) {
        if (find(failure, ConnectFailureException.class::isInstance) instanceof ConnectFailureException known) {
            return known.failure();
        }
        Throwable network = networkError(failure);
        return new ConnectFailure(kind(failure, network), reason(endpoint, failure, network));
    }

    /** Returns the kind of failure. */
    static FailureKind kind(Throwable failure) {
        return kind(failure, networkError(failure));
    }

    private static FailureKind kind(Throwable failure, @Nullable Throwable network) {
        if (find(failure, ConnectFailures::isUntrusted) != null) {
            return FailureKind.INSECURE;
        }
        if (network instanceof SocketTimeoutException) {
            return FailureKind.NO_ANSWER;
        }
        if (network instanceof EOFException) {
            return FailureKind.NO_ANSWER;
        }
        if (network != null) {
            return FailureKind.UNREACHABLE;
        }
        if (failure instanceof SQLTimeoutException) {
            return FailureKind.NO_ANSWER;
        }
        if (failure instanceof LinkageError || failure instanceof IllegalArgumentException) {
            return FailureKind.MISCONFIGURED;
        }
        return failure instanceof SQLException e ? kind(e.getSQLState()) : FailureKind.OTHER;
    }

    private static FailureKind kind(@Nullable String sqlState) {
        if (sqlState == null) {
            return FailureKind.OTHER;
        }
        // 08004: the driver itself gives up the login, such as when the server asks for a password and there is none.
        if (sqlState.startsWith("28") || sqlState.equals("08004")) {
            return FailureKind.BAD_CREDENTIALS;
        }
        if (PARAMETER_STATES.contains(sqlState)) {
            return FailureKind.MISCONFIGURED;
        }
        return switch (sqlState) {
            case "3D000" -> FailureKind.UNKNOWN_DATABASE;
            case "53300" -> FailureKind.TOO_MANY_CONNECTIONS;
            // What answers speaks another protocol: it is no PostgreSQL server.
            case "08P01" -> FailureKind.NO_ANSWER;
            default -> FailureKind.OTHER;
        };
    }

    private static String reason(Endpoint endpoint, Throwable failure, @Nullable Throwable network) {
        if (network instanceof UnknownHostException) {
            return "unknown host '" + endpoint.host() + "'";
        }
        if (network instanceof EOFException) {
            return "the server hung up during the login";
        }
        if (network != null && network.getMessage() != null) {
            return network.getMessage();
        }
        if (failure instanceof LinkageError) {
            return "the PostgreSQL JDBC driver (org.postgresql:postgresql) is not there or does not fit: " + failure;
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Not every error of SSL: some are those of a network that fails, and may be gone with the next attempt. */
    private static boolean isUntrusted(Throwable cause) {
        return cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException;
    }

    private static @Nullable Throwable networkError(Throwable failure) {
        return find(
                failure,
                cause -> cause instanceof UnknownHostException
                        || cause instanceof ConnectException
                        || cause instanceof NoRouteToHostException
                        || cause instanceof SocketTimeoutException
                        || cause instanceof SocketException
                        || cause instanceof EOFException);
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
