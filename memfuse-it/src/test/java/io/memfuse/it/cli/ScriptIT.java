package io.memfuse.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code memfuse}, on a copy without sources, with a Maven that takes what was built before and says so. */
class ScriptIT {

    private static final int TIMEOUT_SECONDS = 60;

    /** What was built. */
    private static final Path BUILT =
            Path.of("..", "memfuse-cli", "target").toAbsolutePath().normalize();

    @TempDir
    private Path folder = Path.of("");

    private Path script = Path.of("");
    private Path target = Path.of("");
    private Path tools = Path.of("");

    @BeforeEach
    void copy() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        script = folder.resolve("memfuse");
        Files.copy(Path.of("..", "memfuse"), script, StandardCopyOption.COPY_ATTRIBUTES);
        target = Files.createDirectories(folder.resolve("memfuse-cli/target"));
        tools = Files.createDirectory(folder.resolve("tools"));
        Path maven = Files.writeString(tools.resolve("mvn"), """
                        #!/bin/sh
                        case "$*" in *-v*) echo "Apache Maven 3.9.9"; exit ;; esac
                        echo begin >>builds
                        sleep 1
                        cp -R '%s/memfuse-cli.jar' '%s/lib' memfuse-cli/target/
                        echo end >>builds
                        """.formatted(BUILT, BUILT));
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(script.toString(), "--version"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.merge("PATH", tools.toString(), (path, first) -> first + ":" + path);
        return builder.start();
    }

    /** Waits for its end and returns what it said. */
    private static String outputOf(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .as(output)
                .isTrue();
        return output;
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(folder.resolve("builds"));
    }

    @Test
    void saysAtOnceThatItCannotWriteItsBuild() throws Exception {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        boolean root = System.getProperty("user.name").equals("root");

        Process process = root ? start("runuser", "-u", "nobody", "--") : start();

        assertThat(outputOf(process))
                .isEqualTo("memfuse: it needs a build, and " + target.toRealPath()
                        + " cannot be written; build it as its owner, or run a copy of your own\n");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void takesOverTheLockOfABuildThatWasKilledBeforeItNamedItself() throws Exception {
        Files.createDirectory(target.resolve("memfuse-build.lock"));

        Process process = start();

        assertThat(outputOf(process))
                .contains("waiting for another build here (process unknown")
                .contains("\nmemfuse ");
        assertThat(process.exitValue()).isZero();
        assertThat(builds()).containsExactly("begin", "end");
    }

    @Test
    void buildsOnceForTwoThatStartTogether() throws Exception {
        Process first = start();
        Process second = start();

        assertThat(outputOf(first) + outputOf(second))
                .containsOnlyOnce("memfuse: building")
                .contains("\nmemfuse ");
        assertThat(first.exitValue()).isZero();
        assertThat(second.exitValue()).isZero();
        assertThat(builds()).containsExactly("begin", "end");
        assertThat(target.resolve("memfuse-build.lock")).doesNotExist();
    }
}
