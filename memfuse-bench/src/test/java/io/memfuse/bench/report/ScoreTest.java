package io.memfuse.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTest {

    @Test
    void aRatioCarriesTheErrorsOfBoth() {
        Score ratio = new Score(30, 3).dividedBy(new Score(20, 1));

        assertThat(ratio.value()).isEqualTo(1.5);
        assertThat(ratio.error()).isCloseTo(1.5 * Math.hypot(0.1, 0.05), within(1e-9));
    }

    @Test
    void aDifferenceCarriesTheErrorsOfBoth() {
        Score more = new Score(30, 3).minus(new Score(20, 4));

        assertThat(more).isEqualTo(new Score(10, 5));
    }

    @Test
    void aRatioToAnErrorFreeZeroHasNoErrorOfItsOwn() {
        assertThat(new Score(0, 0).dividedBy(new Score(5, 1)).value()).isZero();
    }

    @Test
    void samplesAreSummedUpByMedianAndHalfTheInterquartileRange() {
        assertThat(Score.ofSamples(List.of(5.0, 1.0, 3.0, 2.0, 100.0))).isEqualTo(new Score(3, 1.5));
    }

    @Test
    void aQuantileFallsBetweenSamples() {
        assertThat(Score.quantileOf(new double[] {4, 1}, 0.5)).isEqualTo(2.5);
        assertThat(Score.quantileOf(new double[] {4, 1}, 1)).isEqualTo(4);
    }

    @Test
    void anErrorThatJmhCannotTellCountsAsNone() {
        assertThat(new Score(1, Double.NaN).error()).isZero();
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> new Score(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Score.ofSamples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
