package io.memfuse.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "5.8123, 0.1234, 5.81 ± 0.12",
        "58.123, 1.234, 58.1 ± 1.2",
        "581.23, 12.34, 581 ± 12",
        "34963.2, 120.4, 34963 ± 120",
        "0.123456, 0.001, 0.12 ± 0.00",
        "9.996, 0.1, 10.0 ± 0.1",
        "3, 0, 3.00",
        "0, 0, 0",
        "-0.0004, 0.002, 0.00 ± 0.00",
        "-12.34, 1, -12.3 ± 1.0",
    })
    void showsThreeSignificantDigitsAndAnErrorToMatch(double value, double error, String text) {
        assertThat(Numbers.format(new Score(value, error))).isEqualTo(text);
    }
}
