package io.memfuse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.config.kind.DurationText;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "60.0, PT1M",
        "300, PT5M",
        "0.25, PT0.25S",
        "500ms, PT0.5S",
        "1.5ms, PT0.0015S",
        "30s, PT30S",
        "5m, PT5M",
        "1.5h, PT1H30M",
        "2 h, PT2H",
        "PT1M, PT1M",
        "P1D, PT24H",
        "-1, PT-1S",
        "999999999h, PT999999999H"
    })
    void readsSecondsUnitsAndIso(String text, Duration duration) {
        assertThat(DurationText.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s",
                "1 fortnight",
                "1d",
                "1s 2",
                "1,5",
                "1e3",
                ".5",
                "1.",
                "NaN",
                ".inf",
                "9999999999",
                "PT",
                "P",
                "PT1S1",
                "PT99999999999999999999H",
                "٣s"
            })
    void refusesEverythingElse(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Test
    void writesTheLargestUnitThatFits() {
        assertThat(DurationText.format(Duration.ofMillis(250))).isEqualTo("250ms");
        assertThat(DurationText.format(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(DurationText.format(Duration.ofMinutes(10))).isEqualTo("10m");
        assertThat(DurationText.format(Duration.ofHours(24))).isEqualTo("24h");
    }
}
