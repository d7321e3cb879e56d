package io.memfuse.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CliIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String WRONG_PASSWORD = "not-the-password-7391";

    @TempDir
    Path folder;

    private Path config(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "memfuse", ".yaml"), yaml);
    }

    /** One entry of {@code warmup_configs} for the test server, with what differs. */
    private static String entry(String host, int port, String database, String password) {
        return """
                    - host: %s
                      port: %d
                      database: %s
                      user: %s
                      password: "%s"
                      timeout: 2
                """.formatted(host, port, database, DATABASE.server().user(), password);
    }

    private static String good() {
        return entry(
                DATABASE.server().host(),
                DATABASE.server().port(),
                DATABASE.name(),
                DATABASE.server().password());
    }

    private static String precache() {
        return """
                  precache_configs:
                    - user: alice
                      services: [memory, buffer, storage]
                """;
    }

    private Path goodConfig() throws IOException {
        return config("connection_pool:\n  warmup_configs:\n" + good() + precache());
    }

    private CliRun run(String... arguments) throws IOException, InterruptedException {
        return CliRun.complete(folder, arguments);
    }

    @Nested
    class Run {

        @Test
        void warmsAndPrecachesTheDefaultConfigurationOnAServerOfItsOwn() throws Exception {
            CliRun run = run("run", "--once", "--json");
            assertThat(run.status()).isZero();
            JsonNode pool = run.json().get("pools").get(0);
            assertThat(pool.get("key").asString()).matches("hikari://postgres@localhost:\\d+/memfuse");
            assertThat(pool.get("provider").asString()).isEqualTo("hikari");
            assertThat(pool.get("state").asString()).isEqualTo("OPEN");
            assertThat(pool.get("connections").asInt()).isEqualTo(5);
            assertThat(pool.get("error").isNull()).isTrue();
            assertThat(run.json().get("services")).hasSize(3).allSatisfy(service -> {
                assertThat(service.get("user").asString()).isEqualTo("default_user");
                assertThat(service.get("state").asString()).isEqualTo("READY");
                assertThat(service.get("millis").isNumber()).isTrue();
            });
            assertThat(run.json().get("ready_millis").isNumber()).isTrue();
        }

        @Test
        void usesTheServersOfAConfigurationAndReportsInATable() throws Exception {
            CliRun run = run("run", "--once", "--config", goodConfig().toString());
            assertThat(run.status()).isZero();
            assertThat(run.out() + run.err())
                    .contains("/" + DATABASE.name(), "OPEN", "READY", "ready in")
                    .doesNotContain("embedded");
        }

        @Test
        void warmsReactivePoolsBesideTheOthers() throws Exception {
            String reactive = good().replaceFirst("- host", "- name: reactive\n      provider: r2dbc\n      host");
            Path file = config("connection_pool:\n  warmup_configs:\n" + good() + reactive);

            CliRun run = run("run", "--once", "--json", "--config", file.toString());

            assertThat(run.status()).isZero();
            assertThat(run.json()
                            .get("pools")
                            .valueStream()
                            .map(pool -> pool.get("provider").asString() + " "
                                    + pool.get("state").asString()))
                    .containsExactlyInAnyOrder("hikari OPEN", "r2dbc OPEN");
        }

        @Test
        void drainsWhenItIsToldToEnd() throws Exception {
            CliRun run = CliRun.start(folder, "run", "--config", goodConfig().toString());
            await().atMost(Duration.ofSeconds(60)).until(() -> (run.out() + run.err()).contains("serving"));
            // min_size are kept idle: one more is made when HikariCP looks while the service's is in use. Awaited, for
            // the
            // server may not have noticed yet that the process of the test before is gone.
            await("five or six of the pool, and this one")
                    .until(() -> backends().equals("6") || backends().equals("7"));
            run.terminate();
            run.await();
            assertThat(run.out() + run.err()).contains("drained and closed 1 pool");
            await().until(() -> backends().equals("1"));
        }

        private String backends() {
            return DATABASE.query("select count(*) from pg_stat_activity where datname = current_database()");
        }

        @Test
        void triesTheClaimsOfTheFirstImplementation() throws Exception {
            CliRun run = CliRun.start(
                    folder,
                    "stress",
                    "--compare",
                    "--requests=20",
                    "--rounds=1",
                    "--write=" + folder.resolve("results"),
                    "--config",
                    goodConfig().toString());
            run.await();
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("CLAIM", "VERDICT", "another database does not answer, median")
                    .contains("MemFuse: failed requests: 0");
            assertThat(folder.resolve("results/results.md")).content().contains("images/acquisition.svg");
            assertThat(folder.resolve("results/images/acquisition.svg"))
                    .content()
                    .startsWith("<svg");
        }

        @ParameterizedTest
        @ValueSource(strings = {"run --once", "run --json", "stress", "check"})
        void failsWhenItsReportCannotBeWritten(String command) throws Exception {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            String ofAnotherUser = Files.readString(goodConfig()).replace("alice", "bob");
            arguments.addAll(List.of("--config", config(ofAnotherUser).toString()));
            CliRun run = CliRun.startInto(folder, Path.of("/dev/full"), arguments.toArray(String[]::new));
            run.await();
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("memfuse: cannot write the report");
        }

        @Test
        void saysThatItIsStoppedWhenItIsToldToEndWhileItStarts() throws Exception {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
                String slow = entry("localhost", silent.getLocalPort(), "silent", WRONG_PASSWORD)
                        .replace("timeout: 2", "timeout: 60");
                CliRun run = CliRun.start(
                        folder,
                        "run",
                        "--config",
                        config("connection_pool:\n  warmup_configs:\n" + good() + slow + precache())
                                .toString());
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> run.err().contains("service storage of alice: READY"));
                run.terminate();
                run.await();
                assertThat(run.status()).isEqualTo(1);
                assertThat(run.err())
                        .contains("stopped while it started; draining\n")
                        .endsWith("memfuse: interrupted\n")
                        .doesNotContain("FAILED");
                await().until(() -> DATABASE.query(
                                "select count(*) from pg_stat_activity where datname = current_database()")
                        .equals("1"));
            }
        }

        @Test
        void aDeadDatabaseStopsNoOtherEntry() throws Exception {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
                int closed = freePort();
                Path config = config("connection_pool:\n  warmup_configs:\n"
                        + good()
                        + entry(DATABASE.server().host(), DATABASE.server().port(), "postgres", WRONG_PASSWORD)
                        + entry(
                                DATABASE.server().host(),
                                DATABASE.server().port(),
                                "there_is_no_such_database",
                                DATABASE.server().password())
                        + entry("localhost", closed, "refused", WRONG_PASSWORD)
                        + entry("localhost", silent.getLocalPort(), "silent", WRONG_PASSWORD)
                        + entry("no-such-host.invalid", 5432, "nowhere", WRONG_PASSWORD)
                        + precache());

                CliRun run = run("run", "--once", "--json", "--config", config.toString());

                assertThat(run.status()).isEqualTo(3);
                assertThat(run.out() + run.err()).doesNotContain(WRONG_PASSWORD);
                JsonNode pools = run.json().get("pools");
                assertThat(pools.get(0).get("state").asString()).isEqualTo("OPEN");
                assertThat(pools.get(0).get("connections").asInt()).isEqualTo(5);
                assertThat(run.json().get("services"))
                        .allSatisfy(service ->
                                assertThat(service.get("state").asString()).isEqualTo("READY"));
                List<String> advice = List.of(
                        "check user and password",
                        "check the name of the database",
                        "check host and port",
                        "",
                        "check host and port");
                for (int i = 1; i <= 5; i++) {
                    JsonNode pool = pools.get(i);
                    assertThat(pool.get("state").asString()).isNotEqualTo("OPEN");
                    assertThat(pool.get("error").asString())
                            .startsWith("[MemFuse/")
                            .contains(pool.get("key").asString())
                            .contains(advice.get(i - 1));
                    assertThat(pool.get("millis").asLong())
                            .as("its own deadline")
                            .isLessThan(10_000);
                }
            }
        }

        private int freePort() throws IOException {
            try (var socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }
    }

    @Nested
    class Check {

        @Test
        void acceptsAConfigurationWithoutConnecting() throws Exception {
            CliRun run = run(
                    "check",
                    "--config",
                    config("connection_pool: {warmup_configs: [{database: x, host: no-such-host.invalid}]}")
                            .toString());
            assertThat(run.status()).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"run", "stress"})
        void theOtherCommandsRefuseTheSameBeforeTheyStartAnything(String command) throws Exception {
            Path config = config("defaults: {max_size: 2, min_size: 3}\ndatabases: {}");
            CliRun run = run(command, "--config", config.toString());
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains(config.getFileName() + ":1:");
        }

        @Test
        void refusesAFileThatIsNotThere() throws Exception {
            CliRun run = run("check", "--config", folder.resolve("missing.yaml").toString());
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.out() + run.err()).contains("missing.yaml");
        }
    }

    @Nested
    class Stress {

        @Test
        void makesAThousandRequestsAtOnceWithoutAnErrorAndLeavesNothingBehind() throws Exception {
            CliRun run = run("stress", "--json", "--config", goodConfig().toString());
            JsonNode result = run.json();
            assertThat(result.get("errors").asInt()).as(run.out()).isZero();
            assertThat(run.status()).isZero();
            assertThat(result.get("requests").asInt()).isEqualTo(1000);
            assertThat(result.get("throughput_per_second").asDouble()).isPositive();
            for (String times : List.of("service_access_ms", "acquire_ms", "request_ms")) {
                assertThat(result.get(times).get("p50").asDouble())
                        .isLessThanOrEqualTo(result.get(times).get("p99").asDouble());
                assertThat(result.get(times).get("p99").asDouble())
                        .isLessThanOrEqualTo(result.get(times).get("max").asDouble());
            }
            assertThat(result.get("peak_backends").asInt()).isBetween(1, 20);
            assertThat(result.get("backends_after")).isEqualTo(result.get("backends_before"));
            assertThat(result.get("threads_after")).isEqualTo(result.get("threads_before"));
            assertThat(DATABASE.query("select count(*) from memfuse.message where user_id = 'alice'"))
                    .isEqualTo("1000");
        }

        @Test
        void saysWhatFailedAndLeavesNoThreadBehindWhenEveryRequestFails() throws Exception {
            Path config = config("connection_pool:\n  warmup_configs:\n"
                    + entry(
                            DATABASE.server().host(),
                            DATABASE.server().port(),
                            "there_is_no_such_database",
                            DATABASE.server().password())
                    + good()
                    + precache());
            CliRun run = run("stress", "--json", "--requests", "50", "--config", config.toString());
            assertThat(run.status()).isEqualTo(1);
            JsonNode result = run.json();
            assertThat(result.get("errors").asInt()).isEqualTo(50);
            assertThat(result.get("acquire_ms").get("p50").isNull()).isTrue();
            assertThat(List.of("backends_before", "peak_backends", "backends_after"))
                    .as("nobody could count them")
                    .allSatisfy(count -> assertThat(result.get(count).isNull()).isTrue());
            assertThat(result.get("threads_after")).isEqualTo(result.get("threads_before"));
            assertThat(run.err())
                    .contains("[MemFuse/PoolOpenFailed]", "there_is_no_such_database", "are not counted")
                    .doesNotContain("at once");
        }
    }
}
