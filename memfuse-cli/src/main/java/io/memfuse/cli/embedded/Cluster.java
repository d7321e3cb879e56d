package io.memfuse.cli.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The directory of one server, and the programs of PostgreSQL that work on it. */
final class Cluster {

    /** What is kept here need not outlive a power cut, and other programs need not reach it. */
    private static final String SERVER_OPTIONS = String.join(
            " ",
            "-c listen_addresses=127.0.0.1",
            "-c unix_socket_directories=",
            "-c max_connections=300",
            "-c fsync=off",
            "-c synchronous_commit=off",
            "-c full_page_writes=off");

    private final Path home;
    private final Path programs;
    private final ServerAccount account;

    private Cluster(Path home, Path programs, ServerAccount account) {
        this.home = home;
        this.programs = programs;
        this.account = account;
    }

    /** Returns the cluster of an empty directory, which it makes the server's. */
    static Cluster in(Path home, Path programs) throws IOException, InterruptedException {
        return new Cluster(home, programs, ServerAccount.choose(home, programs.resolve("initdb")));
    }

    /** Makes an empty cluster, to which one logs in by password from the first moment on. */
    void initialize(Duration timeout) throws IOException, InterruptedException {
        Path password = Files.writeString(home.resolve("password"), EmbeddedPostgres.PASSWORD);
        account.own(password, home);
        Commands.Outcome outcome = Commands.run(
                command(
                        "initdb",
                        "--username=" + EmbeddedPostgres.USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-sync",
                        "--no-instructions"),
                home,
                timeout);
        Files.delete(password);
        if (!outcome.succeeded()) {
            throw new EmbeddedPostgresException("initdb failed:\n" + outcome.output(), null);
        }
    }

    /** Starts the server and waits until it accepts connections. */
    Commands.Outcome start(int port, Duration timeout) throws IOException, InterruptedException {
        return start(port, "", timeout);
    }

    /**
     * Starts the server and waits until it accepts connections.
     *
     * @param options go before those that it has anyway
     */
    Commands.Outcome start(int port, String options, Duration timeout) throws IOException, InterruptedException {
        return Commands.run(
                command(
                        "pg_ctl",
                        "--log=" + logFile(),
                        "--timeout=" + timeout.toSeconds(),
                        "--options=-p " + port + " " + SERVER_OPTIONS + options,
                        "--wait",
                        "start"),
                home,
                timeout.plusSeconds(5));
    }

    /** Returns the command that stops the server, cutting off who is still connected. */
    List<String> stopCommand() {
        return command("pg_ctl", "--mode=fast", "--wait", "--timeout=15", "stop");
    }

    /** Returns what the server has logged. */
    String log() throws IOException {
        return Files.exists(logFile()) ? Files.readString(logFile()).strip() : "";
    }

    private Path logFile() {
        return home.resolve("log");
    }

    private List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>();
        command.add(programs.resolve(program).toString());
        command.add("--pgdata=" + home.resolve("data"));
        command.addAll(List.of(arguments));
        return account.command(command);
    }
}
