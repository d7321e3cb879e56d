package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.memfuse.config.found.NoteFactory;
import io.memfuse.config.platform.Factories;
import io.memfuse.config.platform.ServiceSettingsReader;
import io.memfuse.config.read.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the input, it ends in a configuration or in problems: in no other exception, soon, and without the secret in a
 * message. Repeat a run with {@code -Dmemfuse.fuzz.seed=}, make it longer with {@code -Dmemfuse.fuzz.seconds=}.
 */
class ConfigFuzzTest {

    /** The value of an environment variable, which must not show wherever the mutation put the variable. */
    private static final String SECRET = "HUSH";

    /** A password in the file, which must not show as long as it stands behind its key. */
    private static final String WRITTEN_SECRET = "QUIET";

    private static final Factories SERVICES = new Factories(List.of(new NoteFactory()));

    private static final List<String> FRAGMENTS = List.of(
            "\t",
            "\n",
            " ",
            "  ",
            ": ",
            ":",
            "- ",
            "?",
            "? ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            "'",
            "\"",
            "|",
            ">",
            "%",
            "@",
            "`",
            "&a ",
            "*a",
            "!!int ",
            "!!int +",
            "!!binary ",
            "!x ",
            "<<: ",
            "---\n",
            "...\n",
            "%YAML 9.9\n---\n",
            "${",
            "$${",
            "}",
            "${SET_VARIABLE}",
            "${NONE}",
            "${file:",
            "${file:/dev/zero}",
            "${NONE:x}",
            "null",
            "~",
            "''",
            "true",
            "-1",
            "0x1F",
            "1e9",
            ".nan",
            "9".repeat(400),
            "port: ",
            "password: ",
            "url: ",
            "postgresql://u:QUIET@h/d",
            "postgresql://u:QUIET@h1:1,[::1],%2Frun/d?target_session_attrs=any",
            "host: ",
            "h1,h2:5433",
            "/run/postgresql",
            "target_session_attrs: ",
            "load_balance_hosts: random\n",
            "databases: ",
            "defaults: ",
            "orders: ",
            "database: ",
            "ssl_mode: ",
            "services: ",
            "min_size: 30\n",
            "\u0000",
            "\u0085",
            "\u2028",
            "\ud83d\ude00",
            "\\",
            "x".repeat(2_000));

    private final long seed = Long.getLong("memfuse.fuzz.seed", System.nanoTime());
    private final long seconds = Long.getLong("memfuse.fuzz.seconds", 3);
    private final Random random = new Random(seed);
    private final String valid = Yaml.resource("fuzz.yaml");
    private final SchemaCheck schema = new SchemaCheck(new ConfigReference(SERVICES.all()).schemaObject());
    private final ConfigReader reader = ConfigReader.create().withEnvironment(Map.of("SET_VARIABLE", SECRET));

    @Test
    void everyMutationEndsInAConfigurationOrInProblems() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int inputs = 0;
        int configurations = 0;
        for (; System.nanoTime() < end; inputs++) {
            configurations += endsWell(inputs % 10 == 0 ? garbage() : mutation()) ? 1 : 0;
        }

        System.out.println("fuzz: seed " + seed + ", " + inputs + " inputs, " + configurations + " configurations");
        assertThat(inputs).isPositive();
    }

    static List<String> bombs() {
        int size = 1 << 18;
        return List.of(
                "[".repeat(size),
                "{".repeat(size),
                "- ".repeat(size / 2),
                "? ".repeat(size / 2),
                "a: ".repeat(size / 3),
                "'".repeat(size),
                "\"\\".repeat(size / 2),
                "\n".repeat(size),
                " ".repeat(size),
                "#".repeat(size),
                "!".repeat(size),
                "&".repeat(size),
                "%".repeat(size),
                "--- \n".repeat(size / 5),
                "connection_pool: " + "9".repeat(size - 20),
                "!!int 0x" + "f".repeat(size - 20),
                "!!float " + "9".repeat(size - 20),
                "a".repeat(size - 1) + ":",
                "connection_pool: {timeout: '" + "${A:".repeat(size / 5) + "'}",
                "connection_pool: {timeout: '" + "${A:}".repeat(size / 6) + "'}",
                "connection_pool: {timeout: " + "1".repeat(size - 40) + "s}",
                "connection_pool: {max_size: " + "1".repeat(size - 40) + "}",
                manyKeys(size),
                "connection_pool:\n  warmup_configs:\n" + "    - {database: a}\n".repeat(size / 24),
                "connection_pool:\n  precache_configs: [" + "{user: a, services: [b]},".repeat(size / 26) + "]",
                "databases:\n" + "  a: {}\n".repeat(size / 8),
                manyDatabases(size),
                "databases: {a: {url: 'postgresql://" + "a".repeat(size - 60) + "'}}",
                "databases: {a: {url: 'postgresql://a" + ",b:1".repeat(size / 5) + "'}}",
                "databases: {a: {url: 'postgresql:///a?host=" + ",".repeat(size - 60) + "'}}",
                "databases: {a: {host: '/" + "/.".repeat(size / 3) + "'}}",
                "databases: {a: {host: 'a" + ",b:1".repeat(size / 5) + "'}}",
                "databases: {a: {url: 'postgresql://a?" + "x=y&".repeat(size / 5) + "'}}",
                "databases: {a: {url: 'postgresql://" + "%41".repeat(size / 4) + "'}}",
                "databases: {a: {server_settings: {" + "a: b, ".repeat(size / 7) + "}}}",
                "databases: {}\nservices:\n" + "  a: {b: c}\n".repeat(size / 13),
                "databases: {a: {}}\nconnection_pool: {warmup_configs: [" + "a,".repeat(size / 3) + "]}",
                aliasBomb());
    }

    private static String manyDatabases(int size) {
        var text = new StringBuilder("databases:\n");
        for (int i = 0; text.length() < size - 20; i++) {
            text.append("  d").append(i).append(": {}\n");
        }
        return text.toString();
    }

    private static String manyKeys(int size) {
        var text = new StringBuilder();
        for (int i = 0; text.length() < size - 20; i++) {
            text.append('k').append(i).append(": 1\n");
        }
        return text.toString();
    }

    private static String aliasBomb() {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d, ".formatted(i - 1).repeat(9))
                    .append("]\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBombEndsSoon(String text) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> endsWell(text));
    }

    /** Returns whether the text ended in a configuration; fails if it ended in neither that nor problems. */
    private boolean endsWell(String text) {
        try {
            Reading reading = Reading.of(reader.read("fuzz.yaml", text));
            ServiceSettingsReader.read(reading, SERVICES);
            reading.valid();
            assertThat(schema.problems(text))
                    .as(() -> "seed " + seed + ": " + text)
                    .isEmpty();
            return true;
        } catch (ConfigException problems) {
            assertThat(problems.problems())
                    .as(() -> "seed " + seed + ": " + text)
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(101);
            assertThat(problems.getMessage())
                    .as(() -> "seed " + seed + ": " + text)
                    .doesNotContain(SECRET);
            int behindItsKey = occurrences(text, "password: " + WRITTEN_SECRET)
                    + occurrences(text, "url: postgresql://u:" + WRITTEN_SECRET)
                    - 1;
            if (occurrences(text, WRITTEN_SECRET) == behindItsKey) {
                assertThat(problems.getMessage())
                        .as(() -> "seed " + seed + ": " + text)
                        .doesNotContain(WRITTEN_SECRET);
            }
            return false;
        } catch (RuntimeException | StackOverflowError wrong) {
            throw new AssertionError("seed " + seed + ": " + text, wrong);
        }
    }

    private static int occurrences(String text, String part) {
        return text.split(Pattern.quote(part), -1).length;
    }

    private String garbage() {
        var text = new StringBuilder();
        for (int i = random.nextInt(60); i >= 0; i--) {
            text.append(
                    random.nextInt(4) == 0
                            ? String.valueOf((char) random.nextInt(0x10000))
                            : FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return text.toString();
    }

    private String mutation() {
        var text = new StringBuilder(valid);
        for (int i = random.nextInt(3); i >= 0; i--) {
            mutate(text);
        }
        return text.toString();
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(12));
        switch (random.nextInt(5)) {
            case 0 -> text.replace(at, at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
            case 1 -> text.replace(at, end, "");
            case 2 -> text.replace(at, end, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
            case 3 -> text.replace(at, at, text.substring(at, end));
            default -> text.replace(at, at + 1, String.valueOf((char) random.nextInt(0x300)));
        }
    }
}
