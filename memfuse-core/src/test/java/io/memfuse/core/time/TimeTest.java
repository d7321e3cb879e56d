package io.memfuse.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTest {

    private final ManualTime time = new ManualTime();

    @Test
    void aDeadlineTellsWhatIsLeft() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
        time.advance(Duration.ofMillis(500));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(1500));
        assertThat(deadline.elapsed()).isEqualTo(Duration.ofMillis(500));
        assertThat(deadline.hasPassed()).isFalse();
        time.advance(Duration.ofSeconds(2));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.hasPassed()).isTrue();
    }

    @Test
    void aDeadlineMayLieBeyondWhatALongCanCount() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), time);
        time.advance(Duration.ofDays(10_000));
        assertThat(deadline.hasPassed()).isFalse();
    }

    @Test
    void aNegativeTimeoutHasPassedAtOnce() {
        assertThat(Deadline.after(Duration.ofSeconds(-1), time).hasPassed()).isTrue();
    }

    @Test
    void theTickerOfTheMachineGoesForward() {
        long before = Ticker.system().nanoTime();
        assertThat(Ticker.system().nanoTime() - before).isNotNegative();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,0 us",
        "PT0.00085S,850 us",
        "PT0.012S,12 ms",
        "PT1.5S,1.5 s",
        "PT59.96S,60.0 s",
        "PT3M20S,3 min 20 s",
        "PT2H,120 min 0 s",
        "PT2562047788015215H,153722867280912900 min 0 s",
        "PT-5S,0 us"
    })
    void durationsReadAsPeopleWriteThem(Duration duration, String text) {
        assertThat(Durations.format(duration)).isEqualTo(text);
    }
}
