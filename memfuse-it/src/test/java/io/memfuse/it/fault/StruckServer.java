package io.memfuse.it.fault;

import static org.awaitility.Awaitility.await;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.cli.embedded.MortalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/** A PostgreSQL server that nobody else uses, and that is killed, stopped and started again. Not thread-safe. */
final class StruckServer {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MortalServer server;

    private StruckServer(MortalServer server) {
        this.server = server;
    }

    /** Returns the server that the tests of faults have in common; it is started with the first use. */
    static StruckServer get() {
        return new StruckServer(MortalServer.get());
    }

    String host() {
        return "localhost";
    }

    int port() {
        return server.port();
    }

    /** What is done to a server. */
    private interface Deed {
        void be() throws IOException, InterruptedException;
    }

    private static void done(Deed deed) {
        try {
            deed.be();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Kills all its processes, and waits until they are gone. */
    void kill() {
        done(server::kill);
    }

    /** Starts it again, and waits until it can be logged in to. */
    void restart() {
        done(server::restart);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> query("postgres", "SELECT 1").equals("1"));
    }

    /** Holds all its processes. */
    void stop() {
        done(server::freeze);
    }

    /** Lets them go on. */
    void proceed() {
        done(server::thaw);
    }

    private Connection connect(String database) throws SQLException {
        var login = new Properties();
        login.setProperty("user", EmbeddedPostgres.USER);
        login.setProperty("password", EmbeddedPostgres.PASSWORD);
        login.setProperty("sslmode", "disable");
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port() + "/" + database, login);
    }

    void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String query(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
