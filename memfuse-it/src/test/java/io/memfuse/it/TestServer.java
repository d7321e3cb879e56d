package io.memfuse.it;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The PostgreSQL server of this JVM's tests, started with the first use and stopped with the JVM. Thread-safe.
 *
 * <p>Taken in this order, and logged once: the server that the environment variable {@value #URL_VARIABLE} names, as
 * {@code jdbc:postgresql://user:password@host:port/database}, whose user must be a superuser; a container, if a Docker
 * engine answers; an embedded server. Each asks for passwords (the last two by SCRAM).
 *
 * @param host its host
 * @param port its port
 * @param user a superuser
 * @param password the superuser's password
 * @param database a database that is there and stays empty: from there the tests look at the server
 * @param origin which of the three it is
 */
public record TestServer(String host, int port, String user, String password, String database, String origin) {

    /** Names a server to be used instead of one that is started. */
    public static final String URL_VARIABLE = "MEMFUSE_IT_URL";

    private static final Logger LOG = LoggerFactory.getLogger(TestServer.class);

    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "postgres";
    private static final int MAX_CONNECTIONS = 300;

    /** Not PostgreSQL's own, so that the tests take it from nobody. */
    private static final int PREFERRED_PORT = 15_432;

    /** Returns the server; starts it if this is the first call. */
    public static TestServer get() {
        return Holder.SERVER;
    }

    /** Returns a new connection of the superuser, by the bare driver. */
    public Connection connect(String toDatabase) throws SQLException {
        return dataSource(toDatabase).getConnection();
    }

    /** Executes one statement as superuser. */
    void execute(String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("test server: " + sql, e);
        }
    }

    private PGSimpleDataSource dataSource(String toDatabase) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {port});
        source.setUser(user);
        source.setPassword(password);
        source.setDatabaseName(toDatabase);
        source.setApplicationName("memfuse-it");
        return source;
    }

    /** Never shows the password, which may be that of somebody's server. */
    @Override
    public String toString() {
        return origin + " (" + user + "@" + host + ":" + port + ")";
    }

    private static TestServer start() {
        String url = System.getenv(URL_VARIABLE);
        TestServer server;
        if (url != null && !url.isBlank()) {
            server = external(url);
        } else if (DockerClientFactory.instance().isDockerAvailable()) {
            server = container();
        } else {
            server = embedded();
        }
        LOG.info("PostgreSQL of the integration tests: {}", server);
        return server;
    }

    private static TestServer external(String url) {
        URI uri = URI.create(url.replaceFirst("^jdbc:", ""));
        String login = uri.getUserInfo();
        int colon = login == null ? -1 : login.indexOf(':');
        if (login == null || colon < 0 || uri.getHost() == null || uri.getPath().length() < 2) {
            throw new IllegalArgumentException(
                    URL_VARIABLE + " is not of the form jdbc:postgresql://user:password@host:port/database");
        }
        return new TestServer(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                login.substring(0, colon),
                login.substring(colon + 1),
                uri.getPath().substring(1),
                "external server of " + URL_VARIABLE);
    }

    /** Not closed here: the library's own watchdog removes the container when the JVM is gone. */
    @SuppressWarnings("resource")
    private static TestServer container() {
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine")
                .withUsername(SUPERUSER)
                .withPassword(PASSWORD)
                .withDatabaseName("postgres")
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=" + MAX_CONNECTIONS);
        container.start();
        return new TestServer(
                container.getHost(), container.getFirstMappedPort(), SUPERUSER, PASSWORD, "postgres", "container");
    }

    /** Not closed here: it is stopped when the JVM ends, however it ends. */
    @SuppressWarnings("resource")
    private static TestServer embedded() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(PREFERRED_PORT, List.of());
            return new TestServer(
                    "localhost",
                    postgres.port(),
                    EmbeddedPostgres.USER,
                    EmbeddedPostgres.PASSWORD,
                    "postgres",
                    "embedded server");
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the embedded PostgreSQL started", e);
        }
    }

    private static final class Holder {

        static final TestServer SERVER = start();
    }
}
