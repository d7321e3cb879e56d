package io.memfuse.pool.hikari;

import io.memfuse.core.pool.ConnectFailure;
import io.memfuse.core.pool.ConnectFailureException;
import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.EndpointChooser;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.pool.SslMode;
import io.memfuse.core.pool.TargetSessionAttrs;
import io.memfuse.core.time.Ticker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.util.GT;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * The PostgreSQL driver: the only class that knows it. Thread-safe.
 *
 * <p>It tries one host after the other itself, so that they share the pool's timeout, each may be asked to cancel, and the error
 * says what each of them answered; the driver would do none of it. While it connects and logs in, each wait for the server is
 * bounded, and together they take about the time that the host has, with a server that accepts and never answers; the driver
 * counts whole seconds. Afterwards the network timeout is the command timeout and a grace: the server cancels a
 * statement that takes too long, and if there is no server any more, the borrower does not wait for ever.
 */
final class PgDriver implements SessionDriver {

    /** What the server is given beyond the command timeout to report that it cancelled a statement. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** One name or address: whatever else the driver's URL syntax would make of it is not meant. */
    private static final Pattern HOST = Pattern.compile("[^\\s,/?#@\\[\\]]+");

    private final Endpoints endpoints;
    private final EndpointChooser chooser;
    private final String database;
    private final SslMode sslMode;
    private final LoginProperties properties;
    private volatile Duration timeout;
    private final Secret password;
    private final Map<String, String> afterLogin;
    private final int networkTimeoutMillis;

    /** @throws IllegalArgumentException if the spec cannot work; the message says why */
    PgDriver(PoolSpec spec) {
        spec.endpoints().all().forEach(PgDriver::check);
        ServerOptions options = ServerOptions.of(spec.serverSettings(), spec.limits());
        Duration commandTimeout = spec.limits().commandTimeout();
        endpoints = spec.endpoints();
        chooser = new EndpointChooser(endpoints, Ticker.system());
        database = URLEncoder.encode(spec.database(), StandardCharsets.UTF_8);
        sslMode = spec.ssl().mode();
        properties = new LoginProperties(spec, options);
        timeout = spec.limits().timeout();
        password = spec.password();
        afterLogin = options.afterLogin();
        networkTimeoutMillis = commandTimeout.isZero()
                ? 0
                : Math.toIntExact(commandTimeout.plus(GRACE).toMillis());
    }

    private static void check(Endpoint endpoint) {
        if (endpoint.isSocket()) {
            throw new IllegalArgumentException(
                    "the PostgreSQL JDBC driver does not connect to a Unix-domain socket (" + endpoint
                            + "); name the host and port on which the server listens too, or use the provider 'r2dbc'");
        }
        if (!HOST.matcher(endpoint.host()).matches()) {
            throw new IllegalArgumentException("host '" + endpoint.host() + "' is not one name or address");
        }
    }

    @Override
    public void setTimeout(Duration newTimeout) {
        timeout = newTimeout;
    }

    @Override
    public Connection connect() throws SQLException {
        EndpointChooser.Search search = chooser.begin(timeout);
        while (true) {
            EndpointChooser.Candidate candidate = search.next();
            try {
                Connection connection = connect(candidate);
                search.succeeded(candidate);
                return connection;
            } catch (SQLException e) {
                boolean goesOn = search.goesOnAfter(candidate, ConnectFailures.of(candidate.endpoint(), e));
                // The driver ends no wait because of an interrupt; the next host's is not begun.
                if (!goesOn || Thread.currentThread().isInterrupted()) {
                    throw ofAll(e, search.failure());
                }
            }
        }
    }

    /** What the last of several hosts said is not all. */
    private SQLException ofAll(SQLException last, ConnectFailure all) {
        return endpoints.all().size() == 1
                ? last
                : new SQLException(all.reason(), last.getSQLState(), new ConnectFailureException(all, last));
    }

    private Connection connect(EndpointChooser.Candidate candidate) throws SQLException {
        Connection connection = logIn(candidate);
        try {
            require(candidate.target(), connection);
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

    private static void require(TargetSessionAttrs target, Connection connection) throws SQLException {
        if (target == TargetSessionAttrs.ANY) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet session = statement.executeQuery(TargetSessionAttrs.QUERY)) {
            session.next();
            Optional<ConnectFailure> refusal =
                    target.refusal(session.getBoolean(1), session.getString(2).equals("on"));
            if (refusal.isPresent()) {
                throw new SQLException(refusal.get().reason(), null, new ConnectFailureException(refusal.get(), null));
            }
        }
    }

    /** Tries once more if the password was refused and there is another one by now. */
    private Connection logIn(EndpointChooser.Candidate candidate) throws SQLException {
        String tried = password.reveal();
        try {
            return logIn(candidate, tried);
        } catch (SQLException e) {
            if (ConnectFailures.kind(e) == FailureKind.BAD_CREDENTIALS && password.renew(tried)) {
                return logIn(candidate, password.reveal());
            }
            throw e;
        }
    }

    private Connection logIn(EndpointChooser.Candidate candidate, String text) throws SQLException {
        String url = "jdbc:postgresql://" + candidate.endpoint() + "/" + database;
        Connection connection;
        try {
            connection = new Driver().connect(url, properties.with(text, candidate.share()));
        } catch (SQLException e) {
            throw explained(e, sslMode);
        }
        if (connection == null) {
            throw new SQLException("the PostgreSQL driver does not accept " + url);
        }
        return connection;
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
