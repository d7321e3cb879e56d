package io.memfuse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.ConfigReference;
import io.memfuse.config.MemFuse;
import io.memfuse.services.buffer.BufferServiceFactory;
import io.memfuse.services.memory.MemoryServiceFactory;
import io.memfuse.services.storage.StorageServiceFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is shipped as the JSON Schema and as the reference is what the program reads. Write them anew with
 * {@code -Dmemfuse.docs.write=true}.
 */
class ConfigurationReferenceTest {

    private static final Path ROOT = Path.of("..");
    private static final Path REFERENCE = ROOT.resolve("docs/configuration.md");
    private static final Path SCHEMA =
            ROOT.resolve("memfuse-config/src/main/resources/io/memfuse/config/memfuse.schema.json");
    private static final Pattern TABLE =
            Pattern.compile("<!-- keys: (\\S+) -->\\n(.*?)<!-- end -->\\n", Pattern.DOTALL);
    private static final Pattern EXAMPLE =
            Pattern.compile("^```yaml\\n(.*?)^```\\n", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    private Path folder;

    private final ConfigReference reference = new ConfigReference(
            List.of(new BufferServiceFactory(), new MemoryServiceFactory(), new StorageServiceFactory()));

    private static boolean isToBeWritten() {
        return Boolean.getBoolean("memfuse.docs.write");
    }

    @Test
    void theSchemaIsWhatTheReaderReads() throws IOException {
        if (isToBeWritten()) {
            Files.createDirectories(SCHEMA.getParent());
            Files.writeString(SCHEMA, reference.schema());
        }
        assertThat(Files.readString(SCHEMA)).isEqualTo(reference.schema());
    }

    @Test
    void theReferenceHasEveryTable() throws IOException {
        Map<String, String> tables = reference.tables();
        String text = Files.readString(REFERENCE);
        String written = TABLE.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        "<!-- keys: " + match.group(1) + " -->\n" + tables.get(match.group(1)) + "<!-- end -->\n"));
        if (isToBeWritten()) {
            Files.writeString(REFERENCE, written);
        }
        assertThat(Files.readString(REFERENCE)).isEqualTo(written);
        assertThat(TABLE.matcher(text).results().map((MatchResult match) -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(tables.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/configuration.md"})
    void theExamplesAreRight(String document) throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(ROOT.resolve(document)))
                .results()
                .map(match -> match.group(1))
                .filter(text -> text.contains("\nconnection_pool:") || text.startsWith("connection_pool:"))
                .toList();
        Path secret = Files.writeString(folder.resolve("orders"), "s3cret");

        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            // There is no such secret.
            Path file = Files.writeString(
                    folder.resolve("memfuse.yaml"), example.replace("/run/secrets/orders", secret.toString()));

            assertThat(MemFuse.builder().config(file).check().allDatabases()).isNotEmpty();
        }
    }
}
