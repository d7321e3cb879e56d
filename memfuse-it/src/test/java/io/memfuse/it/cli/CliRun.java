package io.memfuse.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of the program that was built: a process whose output goes to files. */
final class CliRun {

    private static final Path JAR = Path.of("..", "memfuse-cli", "target", "memfuse-cli.jar");
    private static final int TIMEOUT_SECONDS = 90;

    /** A run takes seconds: the second compiler would take more of them than it saves. */
    private static final List<String> START_FAST =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

    private final Process process;
    private final Path out;
    private final Path err;

    private CliRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts the program. */
    static CliRun start(Path folder, String... arguments) throws IOException {
        return start(folder, Files.createTempFile(folder, "out", ".txt"), List.of(), arguments);
    }

    /** Starts the program in a process group of its own. */
    static CliRun startInAGroup(Path folder, String... arguments) throws IOException {
        return start(folder, Files.createTempFile(folder, "out", ".txt"), List.of("setsid"), arguments);
    }

    /** Starts the program with its standard output going to {@code out}. */
    static CliRun startInto(Path folder, Path out, String... arguments) throws IOException {
        return start(folder, out, List.of(), arguments);
    }

    private static CliRun start(Path folder, Path out, List<String> prefix, String... arguments) throws IOException {
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(START_FAST);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        if (arguments[0].equals("run") && !List.of(arguments).contains("--port")) {
            command.addAll(List.of("--port", "0")); // Runs of other tests may go on beside it.
        }
        return new CliRun(
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start(),
                out,
                err);
    }

    /** Runs the program to its end. */
    static CliRun complete(Path folder, String... arguments) throws IOException, InterruptedException {
        CliRun run = start(folder, arguments);
        run.await();
        return run;
    }

    /** Asks the program to end, as a service manager does. */
    void terminate() {
        process.destroy();
    }

    /** Asks the program to read its configuration again. */
    void hangUp() throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -s HUP " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Ends the program and leaves it no time for anything. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends every process of the program's group, as {@link #kill()} ends the program. */
    void killGroup() throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -s KILL -- -" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    void await() throws IOException, InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + TIMEOUT_SECONDS + " s:\n" + out() + err());
        }
        assertThat(out() + err())
                .as("no stack trace on the command line")
                .doesNotContain("\tat ")
                .doesNotContain("Exception in thread");
    }

    int status() {
        return process.exitValue();
    }

    /** Returns what standard output has taken; a device has taken nothing. */
    String out() throws IOException {
        return Files.isRegularFile(out) ? Files.readString(out) : "";
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** Returns the one JSON object that standard output holds. */
    JsonNode json() throws IOException {
        assertThat(out().strip().lines()).as("one object on standard output").hasSize(1);
        return JsonMapper.shared().readTree(out());
    }
}
