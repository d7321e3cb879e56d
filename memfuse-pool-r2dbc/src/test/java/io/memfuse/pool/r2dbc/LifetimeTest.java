package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifetimeTest {

    private static final long NOW = Long.MAX_VALUE - 5;

    private static Duration lived(double random) {
        return Duration.ofNanos(new Lifetime(Duration.ofMinutes(30), () -> random).endNanos(NOW) - NOW);
    }

    @Test
    void isUpToATenthLessThanTheLimit() {
        assertThat(lived(0)).isEqualTo(Duration.ofMinutes(30));
        assertThat(lived(0.5)).isEqualTo(Duration.ofMinutes(30).minusSeconds(90));
        assertThat(lived(1)).isEqualTo(Duration.ofMinutes(27));
    }

    @Test
    void hasNoLimitIfThatIsZero() {
        assertThat(new Lifetime(Duration.ZERO, () -> 0).isLimited()).isFalse();
        assertThat(new Lifetime(Duration.ofNanos(1), () -> 0).isLimited()).isTrue();
    }
}
