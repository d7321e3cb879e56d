package io.memfuse.it.fault;

import static org.awaitility.Awaitility.await;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server that nobody else uses, and that is killed, stopped and started again. Not thread-safe. */
final class StruckServer implements Closeable {

    private static final int PREFERRED_PORT = 15_434;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedPostgres server;
    private final Path data;
    private final List<String> command;

    StruckServer() {
        try {
            server = EmbeddedPostgres.start(PREFERRED_PORT, List.of());
            data = Path.of(query("postgres", "SHOW data_directory"));
            command = command();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the server started", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String host() {
        return "localhost";
    }

    int port() {
        return server.port();
    }

    private long pid() throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }

    /** As it was started, and as the user as whom it runs. */
    private List<String> command() throws IOException {
        var all = new ArrayList<String>();
        Object owner = Files.getAttribute(data, "unix:uid");
        if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            all.addAll(List.of("setpriv", "--reuid=" + owner, "--regid=" + owner, "--clear-groups", "--"));
        }
        all.addAll(
                List.of(Files.readString(Path.of("/proc/" + pid() + "/cmdline")).split("\0")));
        return all;
    }

    private List<ProcessHandle> processes() {
        try {
            ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
            return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills all its processes, and waits until they are gone. */
    void kill() {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Starts it again, and waits until it can be logged in to. */
    void restart() {
        try {
            new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> query("postgres", "SELECT 1").equals("1"));
    }

    /** Holds all its processes. */
    void stop() {
        signal("STOP");
    }

    /** Lets them go on. */
    void proceed() {
        signal("CONT");
    }

    private void signal(String name) {
        var kill = new ArrayList<>(List.of("kill", "-" + name));
        processes().forEach(process -> kill.add(Long.toString(process.pid())));
        try {
            boolean done = new ProcessBuilder(kill)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!done) {
                throw new IllegalStateException("no signal " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    @Override
    public void close() {
        server.close();
    }
}
