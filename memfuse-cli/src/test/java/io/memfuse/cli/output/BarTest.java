package io.memfuse.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarTest {

    @ParameterizedTest
    @CsvSource({
        "0, 5, [----------] 0/5",
        "3, 5, [######----] 3/5",
        "5, 5, [##########] 5/5",
        "9, 5, [##########] 5/5",
        "0, 0, [##########] 0/0",
    })
    void isFilledAsFarAsTheWorkIsDone(int done, int total, String bar) {
        assertThat(Bar.of(done, total, 10)).isEqualTo(bar);
    }
}
