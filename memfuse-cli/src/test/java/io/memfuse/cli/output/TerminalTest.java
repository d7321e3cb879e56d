package io.memfuse.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({"'50 132\n', 132", "'0 0', 80", "'', 80", "'not a size', 80"})
    void isAsWideAsItSaysAndElseOfTheUsualWidth(String size, int columns) {
        assertThat(Terminal.columns(size)).isEqualTo(columns);
    }
}
