package io.memfuse.cli.stress;

import io.memfuse.core.pool.PoolSpec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Properties;

/** One connection of its own to a server, by which it counts the connections that others have to some databases. */
final class ServerWatch implements AutoCloseable {

    private static final String QUERY = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND datname = ANY (?) AND pid <> pg_backend_pid()";

    private static final String TIMEOUT_SECONDS = "10";

    private final Connection connection;
    private final PreparedStatement query;

    private ServerWatch(Connection connection, PreparedStatement query) {
        this.connection = connection;
        this.query = query;
    }

    /** Connects to the server and as the user of {@code spec}. */
    static ServerWatch connect(PoolSpec spec, Collection<String> databases) throws SQLException {
        Connection connection = DriverManager.getConnection(url(spec), login(spec));
        try {
            PreparedStatement query = connection.prepareStatement(QUERY);
            query.setArray(1, connection.createArrayOf("text", databases.toArray()));
            return new ServerWatch(connection, query);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String url(PoolSpec spec) {
        // Of several hosts the driver takes the first that answers, as the pools do.
        return "jdbc:postgresql://" + spec.endpoints() + "/"
                + URLEncoder.encode(spec.database(), StandardCharsets.UTF_8);
    }

    private static Properties login(PoolSpec spec) {
        var login = new Properties();
        login.setProperty("user", spec.user());
        login.setProperty("password", spec.password().reveal());
        login.setProperty("ApplicationName", "memfuse-stress-watch");
        login.setProperty("connectTimeout", TIMEOUT_SECONDS);
        login.setProperty("socketTimeout", TIMEOUT_SECONDS);
        return login;
    }

    /** Returns how many connections there are, its own not counted. */
    int count() throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException broken) {
            // Then there is nothing left to close.
        }
    }
}
