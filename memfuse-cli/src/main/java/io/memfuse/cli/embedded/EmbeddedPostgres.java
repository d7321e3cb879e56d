package io.memfuse.cli.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A running PostgreSQL server on {@code localhost}, with an empty temporary directory for its data. Logging in is real: the
 * user {@value #USER} with the password {@value #PASSWORD}, by SCRAM. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /** The user, a superuser of this server. */
    public static final String USER = "postgres";

    /** The password of the user. Guards nothing: the data lives as long as the program. */
    public static final String PASSWORD = "postgres";

    private static final Duration INIT_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final int START_ATTEMPTS = 3;

    private final Path home;
    private final Keeper keeper;
    private final int port;

    private EmbeddedPostgres(Path home, Keeper keeper, int port) {
        this.home = home;
        this.keeper = keeper;
        this.port = port;
    }

    /**
     * Starts a server. Blocks for seconds; on an interrupt stops what it has started.
     *
     * @param preferredPort the port to listen on, if it is free; else another one
     * @param databases the names of the databases to create
     * @throws EmbeddedPostgresException if there is no build for this machine, or it cannot be unpacked or started
     */
    public static EmbeddedPostgres start(int preferredPort, Collection<String> databases) throws InterruptedException {
        return start(temporary(), preferredPort, databases);
    }

    /** As {@link #start(int, Collection)}, with the data in a new directory of {@code parent}. */
    static EmbeddedPostgres start(Path parent, int preferredPort, Collection<String> databases)
            throws InterruptedException {
        Objects.requireNonNull(databases, "databases");
        try {
            Path programs =
                    PostgresBinaries.locate(temporary(), Platform.current()).resolve("bin");
            Path home = Files.createTempDirectory(parent, "memfuse-postgres-data-");
            return start(home, programs, preferredPort, databases);
        } catch (IOException e) {
            throw new EmbeddedPostgresException("could not be started: " + e, e);
        }
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    }

    private static EmbeddedPostgres start(Path home, Path programs, int preferredPort, Collection<String> databases)
            throws IOException, InterruptedException {
        @Nullable Keeper keeper = null;
        try {
            Cluster cluster = Cluster.in(home, programs);
            keeper = Keeper.start(home, cluster.stopCommand());
            cluster.initialize(INIT_TIMEOUT);
            var server = new EmbeddedPostgres(home, keeper, listen(cluster, preferredPort));
            server.create(databases);
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (keeper == null) {
                Trees.delete(home);
            } else {
                stop(keeper, home);
            }
            throw e;
        }
    }

    /** Between the look at a port and the server's own, another program may take it. */
    private static int listen(Cluster cluster, int preferredPort) throws IOException, InterruptedException {
        int port = Ports.choose(preferredPort);
        for (int attempt = 1; ; attempt++) {
            Commands.Outcome outcome = cluster.start(port, START_TIMEOUT);
            if (outcome.succeeded()) {
                return port;
            }
            if (attempt == START_ATTEMPTS || Ports.isFree(port)) {
                throw new EmbeddedPostgresException("did not start:\n" + outcome.output() + "\n" + cluster.log(), null);
            }
            port = Ports.free();
        }
    }

    private void create(Collection<String> databases) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + port + "/postgres", USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String database : databases) {
                if (!database.equals("postgres")) {
                    statement.execute("CREATE DATABASE \"" + database.replace("\"", "\"\"") + "\"");
                }
            }
        } catch (SQLException e) {
            throw new EmbeddedPostgresException("a database could not be created: " + e.getMessage(), e);
        }
    }

    /** Returns the port on which the server listens. */
    public int port() {
        return port;
    }

    /** Stops the server, cutting off who is still connected, and removes its data. Does nothing the second time. */
    @Override
    public void close() {
        stop(keeper, home);
    }

    private static void stop(Keeper keeper, Path home) {
        boolean interrupted = Thread.interrupted();
        try {
            if (!keeper.finish(STOP_TIMEOUT)) {
                throw new EmbeddedPostgresException(
                        "did not stop within " + STOP_TIMEOUT.toSeconds() + " s; its data is in " + home, null);
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException("could not be stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
