package io.memfuse.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Another configuration for the program that serves. */
@Timeout(180)
class CliReloadIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<CliRun> runs = new ArrayList<>();

    private Path write(String name, int minSize, String applicationName) throws IOException {
        return Files.writeString(folder.resolve(name), """
                databases:
                  orders:
                    host: %s
                    port: %d
                    database: %s
                    user: %s
                    password: "%s"
                    min_size: %d
                    server_settings: {application_name: %s}
                connection_pool: {warmup_configs: [orders]}
                """.formatted(
                        DATABASE.server().host(),
                        DATABASE.server().port(),
                        DATABASE.name(),
                        DATABASE.server().user(),
                        DATABASE.server().password(),
                        minSize,
                        applicationName));
    }

    private void serve(String... arguments) throws IOException {
        runs.add(CliRun.start(folder, arguments));
        await().atMost(SOON).until(() -> run().err().contains("serving"));
    }

    @AfterEach
    void end() throws Exception {
        for (CliRun run : runs) {
            run.terminate();
            run.await();
        }
    }

    private CliRun run() {
        return runs.get(0);
    }

    private void says(String line) {
        await().atMost(SOON).untilAsserted(() -> assertThat(run().err()).containsPattern("(?m)^" + line + "$"));
    }

    private void backendsAre(String applicationName, int count) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(DATABASE.backends().all())
                        .extracting(backend -> backend.applicationName())
                        .hasSize(count)
                        .containsOnly(applicationName));
    }

    /** As by nohup: then the programs that this one starts ignore the signal, too. */
    private static boolean isHangUpIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+", -1)[1], 16) & 1) == 1);
    }

    @Test
    void isReadWhenTheProcessIsToldToHangUp() throws Exception {
        assumeThat(isHangUpIgnored())
                .as("this build was started to ignore SIGHUP")
                .isFalse();
        Path file = write("memfuse.yaml", 2, "one");
        serve("run", "--config", file.toString());
        backendsAre("one", 2);

        write("memfuse.yaml", 3, "one");
        run().hangUp();
        says("orders: adjusted \\(min_size 2 -> 3\\) in .*");
        says("reloaded in .*: 1 adjusted");
        backendsAre("one", 3);

        write("memfuse.yaml", 3, "two");
        run().hangUp();
        says("orders: replaced \\(server_settings.application_name\\) in .*; the former pool drained and closed in .*");
        backendsAre("two", 3);
        run().terminate();
        run().await();
        assertThat(run().status()).isZero();
        assertThat(run().err()).contains("drained and closed 1 pool");
    }

    @Test
    void isReadWhenTheFileThatIsWatchedChanges() throws Exception {
        Path file = write("memfuse.yaml", 2, "one");
        serve("run", "--watch", "--config", file.toString());
        write("memfuse.yaml", 4, "one");
        says("reloading memfuse.yaml: the file has changed");
        says("reloaded in .*: 1 adjusted");
        backendsAre("one", 4);
    }

    @Test
    void isReadWhenALinkOnTheWayToItLeadsElsewhere() throws Exception {
        write("v1", 2, "one");
        write("v2", 2, "two");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
        Path mounted = Files.createSymbolicLink(folder.resolve("memfuse.yaml"), Path.of("..data"));
        serve("run", "--watch", "--config", mounted.toString());
        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("v2"));
        Files.move(next, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        backendsAre("two", 2);
    }

    @Test
    void thatIsWrongIsToldAndChangesNothing() throws Exception {
        Path file = write("memfuse.yaml", 2, "one");
        serve("run", "--watch", "--config", file.toString());
        write("memfuse.yaml", -1, "two");
        says(".*/memfuse.yaml:8:15: databases.orders.min_size.*");
        says("not reloaded; serving on with the configuration as it was");
        backendsAre("one", 2);
        write("memfuse.yaml", 1, "two");
        backendsAre("two", 1);
    }
}
