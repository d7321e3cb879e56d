package io.memfuse.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsTextOnTheLeftAndNumbersOnTheRight() {
        var table = new Table("NAME", "COUNT").number(1).row("a", "1").row("a longer name", "12345678");

        assertThat(table.lines())
                .containsExactly(
                        "NAME              COUNT", //
                        "a                     1",
                        "a longer name  12345678");
    }

    @Test
    void leavesNoBlanksAtTheEndOfALine() {
        assertThat(new Table("A", "B").row("x", "").row("y", "long").lines()).containsExactly("A  B", "x", "y  long");
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> new Table("A", "B").row("only one"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 cells for 2 columns");
    }
}
