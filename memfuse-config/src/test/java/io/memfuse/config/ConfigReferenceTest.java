package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.found.NoteFactory;
import io.memfuse.config.key.ConnectionPoolKeys;
import io.memfuse.config.key.DatabaseDraft;
import io.memfuse.config.key.DatabaseKey;
import io.memfuse.config.key.DatabaseKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReferenceTest {

    private final ConfigReference reference = new ConfigReference(List.of(new NoteFactory()));
    private final SchemaCheck schema = new SchemaCheck(reference.schemaObject());

    @ParameterizedTest
    @ValueSource(strings = {"seed.yaml", "fuzz.yaml"})
    void acceptsFilesThatAreRight(String file) {
        assertThat(schema.problems(Yaml.resource(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "databases: {a: {prot: 5432}}",
                "databases: {a: {port: 0}}",
                "databases: {a: {port: 5432.5}}",
                "databases: {a: {max_size: ten}}",
                "databases: {a: {timeout: 10 fortnights}}",
                "databases: {a: {timeout: 0}}",
                "databases: {a: {timeout: 601}}",
                "databases: {a: {pinned: maybe}}",
                "databases: {a: {ssl_mode: verify_full}}",
                "databases: {a: {url: 'mysql://a'}}",
                "databases: {a: {server_settings: [a]}}",
                "databases: {a: {name: a}}",
                "{databases: {}, defaults: {database: a}}",
                "connection_pool: {max_size: 3}",
                "connection_pool: {warmup_configs: [{host: a}]}",
                "connection_pool: {warmup_configs: [[a]]}",
                "connection_pool: {precache_configs: [{user: a}]}",
                "connection_pool: {precache_configs: [{user: a, services: []}]}",
                "{databases: {}, services: {note: {lines: 0}}}",
                "{databases: {}, services: {note: {line: 3}}}",
                "{databases: {}, monitoring: {times_one_in: 3}}",
                "{databases: {}, monitoring: {probe_before: 1s}}"
            })
    void refusesWhatTheReaderRefusesToo(String yaml) {
        assertThat(schema.problems(yaml)).isNotEmpty();
        assertThat(Yaml.problems(() -> MemFuse.builder()
                        .config(Yaml.read(yaml.replace("{a: {", "{a: {provider: found, ")))
                        .check()))
                .isNotEmpty();
    }

    @Test
    void describesEveryKeyWithItsDefault() {
        assertThat(reference.schema())
                .contains("\"port\": {\n          \"description\": \"the TCP port of each host")
                .contains("; of a socket the number in its name (default: 5432)\"")
                .contains("whose services are made (required)")
                .contains("how many lines a note has (default: 3)");
        assertThat(reference.tables().get("defaults"))
                .contains("| `min_size` | 5 | 0 to 10000 | connections that are kept idle and ready, at least |\n")
                .contains("| `ssl_mode` | prefer | disable, allow, prefer,");
        assertThat(reference.tables().get("services.note"))
                .contains("| `kept` | 90s | 0 (none) or 1ms to 1h | how long a note is kept |\n");
    }

    @Test
    void isInTheJar() {
        assertThat(MemFuse.class.getResource("memfuse.schema.json")).isNotNull();
    }

    /** What the documents call the default is what holds: read a file in which nothing is set, and compare. */
    @Test
    void namesTheDefaultsThatHold() {
        DatabaseConfig builtIn = new DatabaseDraft().build("orders", false);
        Map<String, String> shown = new LinkedHashMap<>();
        Map<String, String> documented = new LinkedHashMap<>();
        List<String> inWords = List.of("password", "pinned", "ssl_root_cert");
        for (DatabaseKey<?> key : DatabaseKeys.INHERITED) {
            if (!inWords.contains(key.name())) {
                shown.put(key.name(), key.show(builtIn));
                documented.put(key.name(), key.key().absent());
            }
        }

        assertThat(documented).isEqualTo(shown);
        assertThat(shown).hasSize(DatabaseKeys.INHERITED.size() - inWords.size());
        assertThat(ConnectionPoolKeys.POOL_IDLE_TIMEOUT.absent())
                .isEqualTo(ConnectionPoolKeys.POOL_IDLE_TIMEOUT
                        .kind()
                        .show(ConnectionPoolConfig.EMPTY.openPools().poolIdleTimeout()));
        assertThat(ConnectionPoolKeys.MAX_OPEN_POOLS.absent())
                .isEqualTo(String.valueOf(ConnectionPoolConfig.EMPTY.openPools().maxOpenPools()));
    }

    /** Keys that the reader knows, the schema has, and the other way round. */
    @Test
    void hasTheKeysThatTheReaderKnows() {
        List<String> refused = new ArrayList<>();
        for (DatabaseKey<?> key : DatabaseKeys.OF_AN_ENTRY) {
            refused.addAll(
                    Yaml.problems("connection_pool: {warmup_configs: [{database: a, " + key.name() + ": [[]]}]}"));
        }

        assertThat(refused).noneMatch(problem -> problem.contains("unknown key"));
        assertThat(DatabaseKeys.namesWithUrl(DatabaseKeys.OF_AN_ENTRY))
                .allSatisfy(key -> assertThat(reference.schema()).contains("\"" + key + "\": {"));
    }
}
