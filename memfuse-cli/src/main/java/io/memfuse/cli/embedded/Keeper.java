package io.memfuse.cli.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small process that outlives the JVM by a moment: it waits for the end of a pipe whose other end only the JVM holds,
 * then stops the server and removes its directory. The system closes the pipe when the JVM ends, however it ends, so a
 * server is never left behind. An orderly end takes the same way.
 */
final class Keeper {

    /**
     * Runs a command in a session of its own where the system has the tool for that: a signal to the process group of the JVM,
     * even one that cannot be ignored, does not reach it then.
     */
    private static final String APART = "command -v setsid >/dev/null && exec setsid \"$@\"; exec \"$@\"";

    /** Signals that a terminal sends to all its processes are for the JVM, which closes its pools first. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            read -r _
            home=$1
            shift
            [ ! -e "$home/data/postmaster.pid" ] || "$@"
            rm -rf "$home"
            """;

    private final Process process;

    private Keeper(Process process) {
        this.process = process;
    }

    /**
     * Starts to watch over a directory.
     *
     * @param home is removed in the end
     * @param stop stops the server whose data lies in {@code data} in that directory
     */
    static Keeper start(Path home, List<String> stop) throws IOException {
        var command = new ArrayList<>(
                List.of("sh", "-c", APART, "sh", "sh", "-c", SCRIPT, "memfuse-postgres-keeper", home.toString()));
        command.addAll(stop);
        return new Keeper(Commands.prepare(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /**
     * Has the server stopped and the directory removed.
     *
     * @return false if that was not done within {@code timeout}; it goes on
     */
    boolean finish(Duration timeout) throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
