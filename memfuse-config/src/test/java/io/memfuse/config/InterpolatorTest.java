package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolatorTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("DB", "orders", "EMPTY", "", "NESTED", "${DB}", "PORT", "6432");

    private static String passwordOf(String value) {
        return Yaml.read("connection_pool: {warmup_configs: [{database: x, password: '" + value + "'}]}", ENVIRONMENT)
                .connectionPool()
                .warmupConfigs()
                .get(0)
                .spec()
                .password()
                .reveal();
    }

    @ParameterizedTest
    @CsvSource({
        "${DB}, orders",
        "a${DB}b${DB}c, aordersbordersc",
        "${DB:other}, orders",
        "${NONE:other}, other",
        "${NONE:a:b}, a:b",
        "x${NONE:}y, xy",
        "x${EMPTY:other}y, xy",
        "$${DB}, ${DB}",
        "$$${DB}, $${DB}",
        "$${DB}${DB}, ${DB}orders",
        "${NESTED}, ${DB}",
        "$DB, $DB",
        "5$, 5$",
        "}{$, }{$"
    })
    void putsTheEnvironmentIntoValues(String written, String read) {
        assertThat(passwordOf(written)).isEqualTo(read);
    }

    @Test
    void fillsNumbersToo() {
        assertThat(Yaml.read("connection_pool: {warmup_configs: [{database: x, port: '${PORT}'}]}", ENVIRONMENT)
                        .connectionPool()
                        .warmupConfigs()
                        .get(0)
                        .spec()
                        .endpoints()
                        .first()
                        .port())
                .isEqualTo(6432);
    }

    @Nested
    class ValuesInFiles {

        @TempDir
        private Path folder = Path.of("");

        private Path file(String content) throws IOException {
            return Files.writeString(folder.resolve("secret"), content);
        }

        @Test
        void areFoundFromTheWorkingDirectoryWhereverTheConfigurationIs() throws IOException {
            Files.writeString(folder.resolve("pom.xml"), "beside the configuration");
            Path configuration =
                    Files.writeString(folder.resolve("memfuse.yaml"), "databases: {x: {password: '${file:pom.xml}'}}");
            assertThat(MemFuseConfig.load(configuration)
                            .databases()
                            .get(0)
                            .spec()
                            .password()
                            .reveal())
                    .startsWith("<?xml");
            assertThat(problemsWith("no-such-file"))
                    .singleElement()
                    .asString()
                    .contains("begins at the working directory");
        }

        private List<String> problemsWith(Object path) {
            return Yaml.problems(
                    "connection_pool: {warmup_configs: [{database: x, password: 'a${file:" + path + "}'}]}");
        }

        private void assertRefused(Object path, String reason) {
            assertThat(problemsWith(path))
                    .containsExactly("memfuse.yaml:1:60: connection_pool.warmup_configs[0].password: "
                            + "the file that '${file:...}' names " + reason);
        }

        @ParameterizedTest
        @ValueSource(strings = {"pass word", "pass word\n", "  pass word \r\nsecond line", "\tpass word\n\n"})
        void putsTheFirstLineIntoAValue(String content) throws IOException {
            assertThat(passwordOf("x${file:" + file(content) + "}${DB}")).isEqualTo("xpass wordorders");
        }

        @Test
        void areNotLookedAtAgain() throws IOException {
            assertThat(passwordOf("${file:" + file("${DB}") + "}")).isEqualTo("${DB}");
        }

        @Test
        void areNotShown() throws IOException {
            assertThat(Yaml.problems("connection_pool: {max_open_pools: '${file:" + file("not-to-be-shown") + "}'}"))
                    .containsExactly("memfuse.yaml:1:35: connection_pool.max_open_pools: "
                            + "the value of '${...}' is not a whole number; accepted: 0 to 1000000");
        }

        @Test
        void mustBeThere() {
            assertRefused(folder.resolve("none"), "does not exist; check the path");
        }

        @Test
        void mustBeOrdinary() {
            assertRefused(folder, "is not an ordinary file; name a file with the value on its first line");
            assertRefused("/dev/zero", "is not an ordinary file; name a file with the value on its first line");
        }

        @Test
        void mustSaySomethingAtOnce() throws IOException {
            assertRefused(file(" \nnot-to-be-shown"), "has nothing on its first line; write the value there");
        }

        @Test
        void mayHave64Kibibytes() throws IOException {
            assertThat(passwordOf("${file:" + file("x\n" + "y".repeat((64 << 10) - 2)) + "}"))
                    .isEqualTo("x");
            assertRefused(file("x".repeat((64 << 10) + 1)), "is larger than 64 KiB; check that it is the right file");
        }

        @Test
        void mustBeUtf8() throws IOException {
            Path latin1 = Files.write(folder.resolve("latin1"), new byte[] {'a', (byte) 0xE4, '\n'});

            assertRefused(latin1, "is not UTF-8; save it as UTF-8");
        }

        @Test
        void mustHaveAPath() {
            assertThat(Yaml.problems("connection_pool: {max_open_pools: \"${file:a\\0b}\"}"))
                    .containsExactly("memfuse.yaml:1:35: connection_pool.max_open_pools: "
                            + "the file that '${file:...}' names has no valid path; check the path");
        }
    }

    @Test
    void leavesKeysAlone() {
        assertThat(Yaml.problems("${DB}: x\nconnection_pool: {}"))
                .containsExactly(
                        "memfuse.yaml:1:1: ${DB}: unknown key; known: connection_pool, databases, defaults, monitoring, services");
    }
}
