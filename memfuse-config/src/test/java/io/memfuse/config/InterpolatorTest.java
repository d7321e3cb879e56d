package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                        .port())
                .isEqualTo(6432);
    }

    @Test
    void leavesKeysAlone() {
        assertThat(Yaml.problems("${DB}: x\nconnection_pool: {}"))
                .containsExactly("memfuse.yaml:1:1: ${DB}: unknown key; known: connection_pool");
    }
}
