package io.memfuse.services.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\uD83D\uDE80", "\uFFFD\uFFFF", "\n\t\u0001"})
    void takesWhatPostgresCanStore(String text) {
        assertThat(Texts.requireStorable("it", text, 100)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({"'secret\u0000', 6", "secret\uD800, 6", "\uDC00secret, 0", "s\uD800ecret, 1", "\uD83D\uDE80\uDE80, 2"})
    void saysWhereTheTextIsWrongWithoutQuotingIt(String text, int index) {
        assertThatThrownBy(() -> Texts.requireStorable("the note", text, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the note contains")
                .hasMessageContaining("at index " + index)
                .hasMessageNotContaining("secret");
    }

    @Test
    void saysHowLongATextMayBe() {
        assertThatThrownBy(() -> Texts.requireStorable("the note", "four", 3))
                .hasMessage("the note has 4 characters; at most 3 are taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \t", "a\nb", "a\u007fb"})
    void refusesNamesThatAreBlankOrHaveControlCharacters(String name) {
        assertThatThrownBy(() -> Texts.requireName("key", name, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key ");
    }
}
