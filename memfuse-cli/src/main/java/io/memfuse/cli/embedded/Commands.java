package io.memfuse.cli.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end. */
final class Commands {

    private Commands() {}

    /**
     * What came of a program.
     *
     * @param status the exit status, or -1 if it had not ended in time
     * @param output what it wrote
     */
    record Outcome(int status, String output) {

        /** Tells whether it ended well. */
        boolean succeeded() {
            return status == 0;
        }
    }

    /**
     * Runs a program and waits for it; it is ended if it takes too long or if this thread is interrupted.
     *
     * @param scratch a directory in which its output is kept meanwhile
     * @throws IOException if it cannot be started
     */
    static Outcome run(List<String> command, Path scratch, Duration timeout) throws IOException, InterruptedException {
        // A file, not a pipe: a server that the program starts would hold the pipe open.
        Path output = Files.createTempFile(scratch, null, ".out");
        try {
            Process process = prepare(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = await(process, timeout);
            return new Outcome(
                    ended ? process.exitValue() : -1,
                    Files.readString(output, StandardCharsets.UTF_8).strip());
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static boolean await(Process process, Duration timeout) throws InterruptedException {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            process.destroy();
        }
    }

    /**
     * Returns a builder with a working directory that every user may enter, and an environment in which no variable leads
     * PostgreSQL elsewhere and messages are in English.
     */
    static ProcessBuilder prepare(List<String> command) {
        var builder = new ProcessBuilder(command).directory(new File("/"));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }
}
