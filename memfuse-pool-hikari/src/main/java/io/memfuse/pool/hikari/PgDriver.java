package io.memfuse.pool.hikari;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.SslSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.util.GT;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * The PostgreSQL driver: the only class that knows it. Thread-safe.
 *
 * <p>While it connects and logs in, each wait for the server is bounded, and together they take about the pool's timeout
 * with a server that accepts and never answers. Afterwards the network timeout is the command timeout and a grace: the server cancels a
 * statement that takes too long, and if there is no server any more, the borrower does not wait for ever.
 */
final class PgDriver implements SessionDriver {

    /** What the server is given beyond the command timeout to report that it cancelled a statement. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Until the question whether the server speaks SSL is given up, at most; the driver's own default. */
    private static final Duration MAX_SSL_TIMEOUT = Duration.ofSeconds(5);

    /** Until an attempt to cancel is given up; it needs no more than one round trip. */
    private static final int CANCEL_TIMEOUT_SECONDS = 2;

    /** One name or address: whatever else the driver's URL syntax would make of it is not meant. */
    private static final Pattern HOST = Pattern.compile("[^\\s,/?#@\\[\\]]+");

    private final String url;
    private final SslMode sslMode;
    private volatile Properties properties;
    private final Secret password;
    private final Map<String, String> afterLogin;
    private final int networkTimeoutMillis;

    /** @throws IllegalArgumentException if the spec cannot work; the message says why */
    PgDriver(PoolSpec spec, PoolKey<?> key) {
        if (!HOST.matcher(key.host()).matches()) {
            throw new IllegalArgumentException("host '" + key.host() + "' is not one name or address");
        }
        ServerOptions options = ServerOptions.of(spec.serverSettings(), spec.limits());
        Duration commandTimeout = spec.limits().commandTimeout();
        url = "jdbc:postgresql://" + (key.host().indexOf(':') >= 0 ? "[" + key.host() + "]" : key.host()) + ":"
                + key.port() + "/" + URLEncoder.encode(key.database(), StandardCharsets.UTF_8);
        sslMode = spec.ssl().mode();
        properties = properties(spec, options);
        password = spec.password();
        afterLogin = options.afterLogin();
        networkTimeoutMillis = commandTimeout.isZero()
                ? 0
                : Math.toIntExact(commandTimeout.plus(GRACE).toMillis());
    }

    private static Properties properties(PoolSpec spec, ServerOptions options) {
        var properties = new Properties();
        PGProperty.USER.set(properties, spec.user());
        limit(properties, spec.limits().timeout());
        PGProperty.LOGIN_TIMEOUT.set(properties, 0);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, CANCEL_TIMEOUT_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.APPLICATION_NAME.set(properties, options.applicationName());
        if (!options.commandLine().isEmpty()) {
            PGProperty.OPTIONS.set(properties, options.commandLine());
        }
        encrypt(properties, spec.ssl());
        return properties;
    }

    private static void limit(Properties properties, Duration timeout) {
        // A server that does not answer the question for SSL is asked a second time without: the two share the timeout.
        Duration sslTimeout = min(timeout.dividedBy(2), MAX_SSL_TIMEOUT);
        PGProperty.CONNECT_TIMEOUT.set(properties, ceilSeconds(timeout));
        PGProperty.SSL_RESPONSE_TIMEOUT.set(properties, Math.toIntExact(sslTimeout.toMillis()));
        PGProperty.SOCKET_TIMEOUT.set(properties, ceilSeconds(timeout.minus(sslTimeout)));
    }

    @Override
    public void setTimeout(Duration timeout) {
        var limited = (Properties) properties.clone();
        limit(limited, timeout);
        properties = limited;
    }

    private static void encrypt(Properties properties, SslSettings ssl) {
        PGProperty.SSL_MODE.set(properties, ssl.mode().word());
        if (!ssl.readRootCert().isEmpty()) {
            ssl.rootCert().ifPresent(file -> PGProperty.SSL_ROOT_CERT.set(properties, file.toString()));
        } else if (ssl.mode().verifies()) {
            PGProperty.SSL_FACTORY.set(properties, DefaultJavaSSLFactory.class.getName());
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static int ceilSeconds(Duration duration) {
        return Math.toIntExact(duration.plusMillis(999).toSeconds());
    }

    @Override
    public Connection connect() throws SQLException {
        Connection connection = logIn();
        if (connection == null) {
            throw new SQLException("the PostgreSQL driver does not accept " + url);
        }
        try {
            for (Map.Entry<String, String> setting : afterLogin.entrySet()) {
                set(connection, setting.getKey(), setting.getValue());
            }
            connection.setNetworkTimeout(Runnable::run, networkTimeoutMillis);
            return connection;
        } catch (SQLException | RuntimeException | Error e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    /** Tries once more if the password was refused and there is another one by now. */
    private @Nullable Connection logIn() throws SQLException {
        String tried = password.reveal();
        try {
            return logIn(tried);
        } catch (SQLException e) {
            if (ConnectFailures.kind(e) == FailureKind.BAD_CREDENTIALS && password.renew(tried)) {
                return logIn(password.reveal());
            }
            throw e;
        }
    }

    private @Nullable Connection logIn(String text) throws SQLException {
        var login = (Properties) properties.clone();
        if (!text.isEmpty()) {
            PGProperty.PASSWORD.set(login, text);
        }
        try {
            return new Driver().connect(url, login);
        } catch (SQLException e) {
            throw explained(e, sslMode);
        }
    }

    /** Gives a failure a cause that says so where the server did not prove who it is; returns any other as it is. */
    static SQLException explained(SQLException e, SslMode sslMode) {
        if (!isServerUnproven(e, sslMode)) {
            return e;
        }
        var unproven = new SSLPeerUnverifiedException(e.getMessage());
        unproven.initCause(e);
        return new SQLException(e.getMessage(), e.getSQLState(), unproven);
    }

    /** What the driver says without a cause: that the server has no SSL, or that its certificate is for another host. */
    private static boolean isServerUnproven(SQLException e, SslMode sslMode) {
        boolean anotherHost = sslMode == SslMode.VERIFY_FULL
                && e instanceof PSQLException own
                && own.getServerErrorMessage()
                        == null // The server, or a pooler before it, has the same state to report.
                && PSQLState.CONNECTION_FAILURE.getState().equals(e.getSQLState())
                && e.getCause() == null;
        return anotherHost || GT.tr("The server does not support SSL.").equals(e.getMessage());
    }

    private static void set(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config(?, ?, false)")) {
            statement.setString(1, name);
            statement.setString(2, value);
            statement.execute();
        }
    }

    private static void closeAfter(Throwable failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public boolean inTransaction(Connection connection) {
        return ((BaseConnection) connection).getTransactionState() != TransactionState.IDLE;
    }

    @Override
    public String name(Connection connection) {
        return "pid " + ((PGConnection) connection).getBackendPID();
    }

    @Override
    public void cancel(Connection connection) throws SQLException {
        ((PGConnection) connection).cancelQuery();
    }
}
