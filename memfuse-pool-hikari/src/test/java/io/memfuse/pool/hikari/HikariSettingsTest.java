package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolLimits;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HikariSettingsTest {

    private static final PoolLimits DEFAULTS = PoolLimits.DEFAULTS;
    private static final Duration TOO_LONG = Duration.ofDays(25);

    static Stream<PoolLimits> accepted() {
        return Stream.of(
                DEFAULTS,
                DEFAULTS.withTimeout(Duration.ofMillis(250)),
                DEFAULTS.withTimeout(Duration.ofDays(24)),
                DEFAULTS.withCommandTimeout(Duration.ZERO),
                DEFAULTS.withCommandTimeout(Duration.ofDays(24)),
                DEFAULTS.withMaxInactiveConnectionLifetime(Duration.ZERO),
                DEFAULTS.withMaxInactiveConnectionLifetime(Duration.ofSeconds(10)),
                DEFAULTS.withMaxConnectionLifetime(Duration.ZERO),
                DEFAULTS.withMaxConnectionLifetime(Duration.ofSeconds(30)),
                DEFAULTS.withMaxConnectionLifetime(Duration.ofDays(24)));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void takesWhatHikariCanKeep(PoolLimits limits) {
        assertThatCode(() -> HikariSettings.check(limits)).doesNotThrowAnyException();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(DEFAULTS.withTimeout(Duration.ofMillis(249)), "timeout is PT0.249S; accepted"),
                Arguments.of(DEFAULTS.withTimeout(TOO_LONG), "timeout is PT600H; accepted"),
                Arguments.of(DEFAULTS.withCommandTimeout(Duration.ofNanos(1)), "command_timeout is PT0.000000001S"),
                Arguments.of(DEFAULTS.withCommandTimeout(TOO_LONG), "command_timeout is PT600H"),
                Arguments.of(
                        DEFAULTS.withMaxInactiveConnectionLifetime(Duration.ofMillis(9_999)),
                        "max_inactive_connection_lifetime is PT9.999S"),
                Arguments.of(
                        DEFAULTS.withMaxInactiveConnectionLifetime(TOO_LONG),
                        "max_inactive_connection_lifetime is PT600H"),
                Arguments.of(
                        DEFAULTS.withMaxConnectionLifetime(Duration.ofMillis(29_999)),
                        "max_connection_lifetime is PT29.999S"),
                Arguments.of(DEFAULTS.withMaxConnectionLifetime(TOO_LONG), "max_connection_lifetime is PT600H"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatHikariWouldReplaceByItsDefault(PoolLimits limits, String message) {
        assertThatThrownBy(() -> HikariSettings.check(limits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("provider 'hikari'");
    }
}
