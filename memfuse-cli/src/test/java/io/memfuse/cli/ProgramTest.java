package io.memfuse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    private int execute(String... args) {
        return execute(new PrintStream(out, true, StandardCharsets.UTF_8), args);
    }

    private int execute(PrintStream results, String... args) {
        return new Program(results, new PrintStream(err, true, StandardCharsets.UTF_8), new Termination())
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
                    "check --json --config x",
                    "run --port many",
                    "stress --requests 0",
                    "stress --requests -5",
                    "stress --requests many",
                    "stress --concurrency 0",
                    "stress --concurrency many",
                    "stress --concurrency 99999999",
                })
        void exitsWith2AndSaysWhatIsWrong(String line) {
            int status = execute(line.isEmpty() ? new String[0] : line.split(" "));

            assertThat(status).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(out()).isEmpty();
            assertThat(err()).startsWith("memfuse: ").doesNotContain("\tat ");
        }

        @ParameterizedTest
        @CsvSource({
            "run --watch, --watch goes with --config",
            "run --watch --once --config memfuse.yaml, --watch does not go with --once"
        })
        void includesAWatchWhereItMakesNoSense(String line, String answer) {
            assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).contains(answer);
        }

        @Test
        void namesACommandThatThereIsNot() {
            assertThat(execute("frobnicate")).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err())
                    .startsWith("memfuse: there is no command 'frobnicate'; there are run, check, stress, help\n");
        }

        @Test
        void startsNoServerForAConsoleThatCannotBe() {
            assertThat(execute("run", "--port", "70000")).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).startsWith("memfuse: [MemFuse/ConsolePort] --port is 70000; accepted: ");
        }

        @Test
        void namesTheAcceptedRange() {
            execute("stress", "--requests", "0");

            assertThat(err()).contains("--requests is 0; accepted: 1 to 100000000");
        }

        @ParameterizedTest
        @ValueSource(strings = {"run --conf x", "run --requests", "run extra", "stress --requests many", "check"})
        void namesTheHelpOfTheCommand(String line) {
            execute(line.split(" "));

            assertThat(err()).endsWith("try 'memfuse " + line.replaceAll(" .*", "") + " --help'\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"run", "check", "stress"})
        void includesAFileWithoutAName(String command) {
            assertThat(execute(command, "--config", "")).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).startsWith("memfuse: Invalid value for option '--config': is empty; name a file\n");
        }
    }

    @Nested
    class Help {

        @ParameterizedTest
        @ValueSource(
                strings = {"--help", "help", "help run", "run --help", "check --help", "stress --help", "--version"})
        void isAResult(String line) {
            assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.OK);
            assertThat(out()).contains("memfuse");
            assertThat(err()).isEmpty();
        }

        @Test
        void breaksLinesOnlyWhereTheyAreFull() {
            execute("stress", "--help");

            assertThat(out()).contains("memory of the first user of precache_configs and reads it back");
        }

        @Test
        void hasALineForEachExitStatus() {
            execute("--help");

            assertThat(out()).endsWith("""
                            Exit status:
                              0   all went well
                              1   a request of stress failed, or anything that the others do not name
                              2   the configuration or the command line is wrong; nothing was started
                              3   run started, but an entry of the configuration failed
                            """);
        }
    }

    @Nested
    class WithAConsole {

        private final String nothing = "connection_pool: {}";

        @Test
        void saysThatThePortIsInUseBeforeItStartsAnything() throws IOException {
            try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String port = String.valueOf(taken.getLocalPort());

                assertThat(execute("run", "--config", file(nothing), "--port", port))
                        .isEqualTo(ExitStatus.FAILURE);
                assertThat(err())
                        .contains("memfuse: [MemFuse/ConsolePort] the console cannot listen on 127.0.0.1:" + port)
                        .contains("--port 0", "--no-console")
                        .doesNotContain("\tat ");
            }
        }

        @Test
        void refusesAnAddressOfAnotherMachine() throws IOException {
            assertThat(execute(
                            "run",
                            "--config",
                            file(nothing),
                            "--bind",
                            "192.0.2.1",
                            "--console-token",
                            "0123456789abcdef"))
                    .isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).contains("--bind is '192.0.2.1', which is no address of this machine");
        }

        @Test
        void refusesAnAddressThatOthersReachWithoutAToken() throws IOException {
            assertThat(execute("run", "--config", file(nothing), "--port", "0", "--bind", "0.0.0.0"))
                    .isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).contains("MEMFUSE_CONSOLE_TOKEN");
        }

        @Test
        void opensNoneIfItLeavesAnyway() throws IOException {
            try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String port = String.valueOf(taken.getLocalPort());

                assertThat(execute("run", "--once", "--config", file(nothing), "--port", port))
                        .isEqualTo(ExitStatus.OK);
            }
        }

        @Test
        void saysWhereItIs() throws Exception {
            var termination = new Termination();
            String file = file(nothing);
            var program = new Program(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    termination);
            var running = CompletableFuture.supplyAsync(() -> program.execute("run", "--config", file, "--port", "0"));
            await().until(() -> err().contains("serving"));
            Matcher matcher =
                    Pattern.compile("console: (http://127\\.0\\.0\\.1:\\d+/)\n").matcher(err());
            assertThat(matcher.find()).as(err()).isTrue();

            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(matcher.group(1))).build(), BodyHandlers.ofString());

            assertThat(page.body()).contains("<title>MemFuse</title>");
            termination.request();
            assertThat(running).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(ExitStatus.OK);
        }
    }

    @Nested
    class WithoutAReader {

        private final PrintStream full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                false,
                StandardCharsets.UTF_8);

        @Test
        void failsBecauseTheReportIsLost() throws IOException {
            String file = file("connection_pool: {warmup_configs: [{database: orders}]}");

            assertThat(execute(full, "check", "--config", file)).isEqualTo(ExitStatus.FAILURE);
            assertThat(err()).startsWith("memfuse: cannot write the report").hasLineCount(1);
        }

        @Test
        void endsInsteadOfServing() throws IOException {
            String file = file("connection_pool: {precache_configs: [{user: alice, services: [memory]}]}");

            assertThat(execute(full, "run", "--port", "0", "--json", "--config", file))
                    .isEqualTo(ExitStatus.FAILURE);
            assertThat(err()).startsWith("memfuse: cannot write the report").hasLineCount(1);
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
        void countsADatabaseAndAServiceOnceThoughTheyAreNamedTwice() throws IOException {
            String file = file("""
                            connection_pool:
                              warmup_configs: [{name: a, database: x}, {name: b, database: x}, {database: y}]
                              precache_configs: [{user: alice, services: [memory, memory]}]
                            """);

            assertThat(execute("check", "--config", file)).isEqualTo(ExitStatus.OK);
            assertThat(out()).endsWith(": valid; databases to warm: 2; services to pre-cache: 1\n");
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

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        empty                | ''
                        a list               | [1, 2]
                        not YAML             | 'connection_pool: [unclosed'
                        an alias             | 'connection_pool: {warmup_configs: [&a {database: x}, *a]}'
                        sizes                | 'defaults: {max_size: 2, min_size: 3}'
                        a negative size      | 'defaults: {min_size: -1}'
                        an absurd timeout    | 'defaults: {timeout: 9999h}'
                        an unknown key       | 'connection_pool: {wamup_configs: []}'
                        an empty user        | 'connection_pool: {precache_configs: [{user: "", services: [memory]}]}'
                        an unknown service   | 'connection_pool: {precache_configs: [{user: a, services: [memroy]}]}'
                        a missing variable   | 'connection_pool: {warmup_configs: [{database: x, password: "${NO_SUCH_VARIABLE_X}"}]}'
                        a disagreement       | 'connection_pool: {warmup_configs: [{database: x, max_size: 9}, {database: x, max_size: 8}]}'
                        """)
        void refusesWithThePlace(String what, String yaml) throws IOException {
            String file = file(yaml);

            assertThat(execute("check", "--config", file)).as(what).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(err()).startsWith(file + ":").doesNotContain("\tat ");
            assertThat(out()).isEmpty();
        }

        @Test
        void printsEveryValueWithItsOrigin() throws IOException {
            String file = file("databases: {orders: {max_size: 7, password: not-to-be-shown}}");

            assertThat(execute("check", "--effective", "--config", file)).isEqualTo(ExitStatus.OK);
            assertThat(out())
                    .startsWith("KEY ")
                    .containsPattern("\ndatabases\\.orders\\.max_size +7 +" + file + ":1:32\n")
                    .containsPattern("\ndatabases\\.orders\\.password +\\[secret] +" + file + ":1:45\n")
                    .containsPattern("\ndatabases\\.orders\\.min_size +5 +built-in\n")
                    .containsPattern("\nservices\\.buffer\\.capacity +10000 +built-in\n")
                    .doesNotContain("not-to-be-shown");
        }

        @Test
        void printsEveryValueAsJson() throws IOException {
            String file = file("databases: {orders: {max_size: 7}}");

            assertThat(execute("check", "--effective", "--json", "--config", file))
                    .isEqualTo(ExitStatus.OK);
            assertThat(out())
                    .startsWith("{\"values\":[{\"key\":\"databases.orders.database\",\"value\":\"orders\","
                            + "\"from\":\"built-in\",\"interpolated\":false},")
                    .contains("{\"key\":\"databases.orders.max_size\",\"value\":\"7\",\"from\":\"" + file
                            + ":1:32\",\"interpolated\":false}");
        }

        @Test
        void printsNoValuesOfAConfigurationThatIsWrong() throws IOException {
            String file = file("databases: {orders: {max_size: 0}}");

            assertThat(execute("check", "--effective", "--config", file)).isEqualTo(ExitStatus.WRONG_INPUT);
            assertThat(out()).isEmpty();
            assertThat(err()).contains(file + ":1:32: databases.orders.max_size: '0' is out of range");
        }

        @Test
        void warnsOfAConfigurationWithNothingInIt() throws IOException {
            String file = file("connection_pool: {}");

            assertThat(execute("check", "--config", file)).isEqualTo(ExitStatus.OK);
            assertThat(err())
                    .startsWith(file + ": warning: names no database and no user")
                    .hasLineCount(1);
            assertThat(out()).contains("databases to warm: 0");
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
