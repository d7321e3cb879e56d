package io.memfuse.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.MemFuse;
import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The code in the README is the code that is compiled and run here. */
class ReadmeIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Path ROOT = Path.of("..");
    private static final Pattern SNIPPET =
            Pattern.compile("^( *)// snippet: (\\S+)\\R(.*?)^ *// end\\R", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```java\\R(.*?)^```\\R", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void showsTheCodeThatIsCompiled() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/memfuse/it/docs/Snippets.java"));
        List<String> compiled = SNIPPET.matcher(source)
                .results()
                .map(match -> dedent(match.group(3), match.group(1).length()))
                .toList();
        List<String> shown = new ArrayList<>();
        Matcher fences = FENCE.matcher(Files.readString(ROOT.resolve("README.md")));
        fences.results().map((MatchResult match) -> match.group(1)).forEach(shown::add);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(compiled);
    }

    private static String dedent(String text, int by) {
        return text.replaceAll("(?m)^ {" + by + "}", "");
    }

    @Test
    void theRegistrySnippetConnects() throws Exception {
        assertThat(Snippets.registry(
                        DATABASE.server().host(),
                        DATABASE.server().port(),
                        DATABASE.name(),
                        DATABASE.server().password()))
                .isEqualTo(DATABASE.name());
    }

    @Test
    void theOneLineSnippetServes() throws Exception {
        assertThat(Snippets.oneLine(configuration())).isEqualTo("I prefer window seats");
    }

    @Test
    void theGuiceSnippetFindsTheServiceOfTheApplication() throws Exception {
        assertThat(Snippets.injector(configuration())).endsWith(", alice");
    }

    @Test
    void theReactiveSnippetServes() throws Exception {
        // The services of a user live on the first database, through JDBC.
        String reactive = Files.readString(configuration())
                .replace("connection_pool:\n  warmup_configs:\n", "")
                .replace("- name: orders", "- name: orders\n      provider: r2dbc");
        String blocking = Files.readString(configuration()).replace("name: orders", "name: users");
        Path file = Files.writeString(folder.resolve("both.yaml"), blocking + reactive);
        try (MemFuse memfuse = MemFuse.start(file, new Snippets.GreetingModule())) {
            assertThat(Snippets.reactive(memfuse).block()).endsWith(", alice of " + DATABASE.name());
        }
    }

    private Path configuration() throws IOException {
        return Files.writeString(folder.resolve("memfuse.yaml"), """
                connection_pool:
                  warmup_configs:
                    - name: orders
                      host: %s
                      port: %d
                      database: %s
                      user: %s
                      password: "%s"
                """.formatted(
                        DATABASE.server().host(),
                        DATABASE.server().port(),
                        DATABASE.name(),
                        DATABASE.server().user(),
                        DATABASE.server().password()));
    }
}
