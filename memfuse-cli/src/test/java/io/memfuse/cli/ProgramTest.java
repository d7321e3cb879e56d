package io.memfuse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    private int execute(String... args) {
        return new Program(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new Termination())
                .execute(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("memfuse.yaml"), text).toString();
    }

    @Nested
    class WrongUsage {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "fly",
                    "run --nonsense",
                    "run extra",
                    "check",
                    "stress --requests 0",
                    "stress --requests -5",
                    "stress --requests many",
                    "stress --concurrency 0",
                    "stress --concurrency 99999999",
                })
        void exitsWith2AndSaysWhatIsWrong(String line) {
            int status = execute(line.isEmpty() ? new String[0] : line.split(" "));

            assertThat(status).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(out()).isEmpty();
            assertThat(err()).startsWith("memfuse: ").doesNotContain("\tat ");
        }

        @Test
        void namesTheAcceptedRange() {
            execute("stress", "--requests", "0");

            assertThat(err()).contains("--requests is 0; accepted: 1 to 100000000");
        }
    }

    @Nested
    class Help {

        @ParameterizedTest
        @ValueSource(strings = {"--help", "run --help", "check --help", "stress --help", "--version"})
        void isAResult(String line) {
            assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.OK);
            assertThat(out()).contains("memfuse");
            assertThat(err()).isEmpty();
        }
    }

    @Nested
    class Check {

        @Test
        void acceptsTheBuiltInConfiguration() throws IOException {
            try (InputStream builtIn = Setup.class.getResourceAsStream("memfuse.yaml")) {
                assertThat(builtIn).isNotNull();
                String file = file(new String(builtIn.readAllBytes(), StandardCharsets.UTF_8));

                assertThat(execute("check", "--config", file)).isEqualTo(ExitStatus.OK);
                assertThat(out()).isEqualTo(file + ": valid; databases to warm: 1; services to pre-cache: 3\n");
            }
        }

        @Test
        void printsEveryProblemWithItsPlace() throws IOException {
            String file = file("""
                            connection_pool:
                              warmup_configs:
                                - host: localhost
                                  prot: 5432
                                  database: memfuse
                                  max_size: -3
                            """);

            assertThat(execute("check", "--config", file)).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).contains(file + ":4:7: ").contains(file + ":6:").contains("port");
            assertThat(out()).isEmpty();
        }

        @Test
        void saysThatAFileIsMissing() {
            String file = directory.resolve("none.yaml").toString();

            assertThat(execute("check", "--config", file)).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).contains(file).hasLineCount(1);
        }
    }

    @Nested
    class BadConfiguration {

        @ParameterizedTest
        @ValueSource(strings = {"run --once --json", "run", "stress --json"})
        void isReportedByEachCommandBeforeItStartsAnything(String line) throws IOException {
            String file = file("connection_pool: [1, 2]\n");

            assertThat(execute((line + " --config " + file).split(" "))).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(out()).isEmpty();
            assertThat(err()).contains(file + ":1:").doesNotContain("\tat ");
        }
    }
}
