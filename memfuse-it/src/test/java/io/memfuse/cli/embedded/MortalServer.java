package io.memfuse.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server to be killed, stopped and started again on the same port. Tests that need one share it: it is started with
 * the first use and stopped with the JVM, however that ends, and whoever strikes it leaves it well. In this package for the parts
 * of the embedded server. Not thread-safe.
 */
public final class MortalServer {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Path home;
    private final Cluster cluster;
    private final Keeper keeper;
    private final int port;

    private MortalServer(Path home, Cluster cluster, Keeper keeper, int port) {
        this.home = home;
        this.cluster = cluster;
        this.keeper = keeper;
        this.port = port;
    }

    private static final class Holder {
        static final MortalServer SERVER = startOrFail();
    }

    /** Returns the server that tests share, with an empty database {@code postgres}; nobody stops it. */
    public static MortalServer get() {
        return Holder.SERVER;
    }

    private static MortalServer startOrFail() {
        try {
            return start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the server started", e);
        }
    }

    /** Starts another server, which the caller stops. */
    public static MortalServer start() throws IOException, InterruptedException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        Path programs = PostgresBinaries.locate(temporary, Platform.current()).resolve("bin");
        Path home = Files.createTempDirectory(temporary, "memfuse-postgres-data-");
        Cluster cluster = Cluster.in(home, programs);
        Keeper keeper = Keeper.start(home, cluster.stopCommand());
        cluster.initialize(Duration.ofMinutes(2));
        var server = new MortalServer(home, cluster, keeper, Ports.free());
        server.restart();
        return server;
    }

    /** Returns the directory of its Unix-domain socket. */
    public Path socketDirectory() {
        return home;
    }

    /** Returns the port on which it listens. */
    public int port() {
        return port;
    }

    /** Starts it again, and returns when it accepts connections. */
    public void restart() throws IOException, InterruptedException {
        Commands.Outcome outcome = cluster.start(port, " -c unix_socket_directories=" + home, START_TIMEOUT);
        if (!outcome.succeeded()) {
            throw new IllegalStateException(outcome.output() + "\n" + cluster.log());
        }
    }

    /** Ends all its processes at once, as the system does that has no memory left. */
    public void kill() throws IOException {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    /** Lets it answer nothing from now on, though its connections stay and new ones are accepted by the system. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        List<ProcessHandle> processes = processes();
        if (!processes.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("kill", "-" + name));
            processes.forEach(process -> command.add(Long.toString(process.pid())));
            new ProcessBuilder(command).inheritIO().start().waitFor();
        }
    }

    /** Returns the postmaster and the processes that it has started, the postmaster first. */
    private List<ProcessHandle> processes() throws IOException {
        Path file = home.resolve("data/postmaster.pid");
        if (!Files.exists(file)) {
            return List.of();
        }
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        return ProcessHandle.of(pid).stream()
                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    /** Stops it for good, and removes its data. */
    public void stop() throws IOException, InterruptedException {
        thaw();
        if (!keeper.finish(STOP_TIMEOUT)) {
            throw new IllegalStateException("the server did not stop in time");
        }
    }
}
