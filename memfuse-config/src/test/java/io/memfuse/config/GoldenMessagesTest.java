package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each {@code golden/NAME.yaml} is wrong; {@code golden/NAME.txt} has what users are told, letter by letter. Write them anew
 * with {@code -Dmemfuse.golden.write=true}, and read the difference.
 */
class GoldenMessagesTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("TEXT", "not-to-be-shown", "EMPTY", "");

    static List<Path> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(GoldenMessagesTest.class.getResource("golden"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void tellsExactlyWhatIsWrong(Path file) throws IOException {
        String name = Objects.requireNonNull(file.getFileName()).toString();
        Path golden = file.resolveSibling(name.replace(".yaml", ".txt"));

        String messages = problemsOf(file).stream()
                .map(problem -> problem.toString().replace(file.toString(), name) + "\n")
                .collect(Collectors.joining());

        if (Boolean.getBoolean("memfuse.golden.write")) {
            Files.writeString(
                    Path.of("src/test/resources/io/memfuse/config/golden", String.valueOf(golden.getFileName())),
                    messages);
        }
        assertThat(messages).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("files")
    void showsNoSecret(Path file) {
        assertThat(problemsOf(file)).noneMatch(problem -> problem.toString().contains("not-to-be-shown"));
    }

    private static List<Problem> problemsOf(Path file) {
        return Yaml.problems(
                () -> ConfigReader.create().withEnvironment(ENVIRONMENT).read(file));
    }
}
