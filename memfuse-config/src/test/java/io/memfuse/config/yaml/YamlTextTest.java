package io.memfuse.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlTextTest {

    private final List<String> problems = new ArrayList<>();
    private final ProblemSink sink = (place, message, hint) -> problems.add(message + "; " + hint);

    @Test
    void saysThatTheFileMayNotBeRead() {
        YamlText.addUnreadable(new AccessDeniedException("file"), sink);

        assertThat(problems).containsExactly("may not be read by this user; check its permissions");
    }

    @Test
    void saysThatTheFileCannotBeRead() {
        YamlText.addUnreadable(new IOException("a message of the system"), sink);

        assertThat(problems).containsExactly("cannot be read: IOException; null");
    }

    @Test
    void acceptsEveryPrintableCharacter() {
        String text = "tab\t line\r\n \u0085 \u00a0 \u6f22 \ue000 \ufffd \ud83d\ude00";

        assertThat(YamlText.check(text, sink)).contains(text);
    }

    @Test
    void refusesCharactersThatYamlRefuses() {
        for (String text : List.of("\0", "\u0007", "\u001b", "\u007f", "\u009f", "\ufffe", "\uffff", "\ud83d")) {
            assertThat(YamlText.check("a" + text, sink)).isEmpty();
        }
        assertThat(problems).hasSize(8).allMatch(problem -> problem.startsWith("the character U+"));
    }
}
