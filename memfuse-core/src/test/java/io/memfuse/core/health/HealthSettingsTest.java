package io.memfuse.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class HealthSettingsTest {

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void takeNoTimeThatCannotBeCounted() {
        assertThat(HealthSettings.DEFAULT.withProbeAfter(YEAR).probeAfter()).isEqualTo(YEAR);
        assertThatThrownBy(() -> HealthSettings.DEFAULT.withProbeAfter(FOREVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("accepted: zero (never) or more, up to 365 days");
        assertThatThrownBy(() -> new HealthSettings(YEAR, YEAR, YEAR, YEAR.plusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memory is")
                .hasMessageContaining("up to 365 days");
    }

    @Test
    void takeNoneThatIsNegativeAndZeroForNever() {
        assertThat(HealthSettings.DEFAULT.withProbeAfter(Duration.ZERO).probeAfter())
                .isZero();
        assertThatThrownBy(() -> HealthSettings.DEFAULT.withProbeAfter(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HealthSettings(Duration.ZERO, YEAR, YEAR, YEAR))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HealthSettings(YEAR, YEAR, Duration.ofNanos(-1), YEAR))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
