package io.memfuse.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveRegionTest {

    private static final String UP = "\r\u001b[1A\u001b[2K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LiveRegion region = new LiveRegion(new PrintStream(bytes, true, StandardCharsets.UTF_8), 10);

    private String written() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    @Test
    void isDrawnAgainInPlace() {
        region.show(List.of("one", "two"));
        assertThat(written()).isEqualTo("one\ntwo\n");

        region.show(List.of("three"));
        assertThat(written()).isEqualTo(UP + UP + "three\n");
    }

    @Test
    void staysBelowTheLinesThatStay() {
        region.show(List.of("bar"));
        written();

        region.print("a line that is wider than the terminal");

        assertThat(written()).isEqualTo(UP + "a line that is wider than the terminal\nbar\n");
    }

    @Test
    void cutsLinesThatWouldTakeTwoRows() {
        region.show(List.of("0123456789abc"));

        assertThat(written()).isEqualTo("012345678\n");
    }

    @Test
    void disappearsWhenNothingIsLeft() {
        region.show(List.of("bar"));
        written();

        region.show(List.of());
        assertThat(written()).isEqualTo(UP);

        region.show(List.of());
        assertThat(written()).isEmpty();
    }
}
