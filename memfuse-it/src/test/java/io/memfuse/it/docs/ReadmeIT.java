package io.memfuse.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.MemFuse;
import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The code in the README is the code that is compiled and run here. */
class ReadmeIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    @Test
    void showsTheCodeThatIsCompiled() throws IOException {
        assertThat(Fences.shown(Path.of("README.md")))
                .containsExactlyInAnyOrderElementsOf(Fences.compiled("Snippets.java"));
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
