package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.FakePoolProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecDifferenceTest {

    private static PoolSpec spec(PoolLimits limits, Map<String, String> settings, String password) {
        return PoolSpec.builder(FakePoolProvider.NAME, "orders")
                .limits(limits)
                .serverSettings(settings)
                .password(Secret.of(password))
                .build();
    }

    private static PoolSpec verifying(PoolSpec spec) {
        return new PoolSpec(
                spec.provider(),
                spec.endpoints(),
                spec.database(),
                spec.user(),
                spec.password(),
                spec.limits(),
                spec.serverSettings(),
                new SslSettings(SslMode.VERIFY_CA, Optional.of(Path.of("ca.pem"))));
    }

    @Test
    void namesEverySettingWithBothValuesButNotWhatMayBeSecret() {
        PoolLimits limits = PoolLimits.DEFAULTS
                .withSizes(1, 2)
                .withMaxQueries(3)
                .withMaxInactiveConnectionLifetime(Duration.ofSeconds(4))
                .withMaxConnectionLifetime(Duration.ofSeconds(7))
                .withTimeout(Duration.ofSeconds(5))
                .withCommandTimeout(Duration.ofSeconds(6));
        PoolLimits others = PoolLimits.DEFAULTS
                .withSizes(11, 12)
                .withMaxQueries(13)
                .withMaxInactiveConnectionLifetime(Duration.ofSeconds(14))
                .withMaxConnectionLifetime(Duration.ofSeconds(17))
                .withTimeout(Duration.ofSeconds(15))
                .withCommandTimeout(Duration.ofSeconds(16));
        assertThat(SpecDifference.between(
                        spec(limits, Map.of("jit", "on"), "hunter2"),
                        verifying(spec(others, Map.of("jit", "off"), "hunter3"))))
                .map(SpecDifference::toString)
                .containsExactly(
                        "min_size: 1 and 11",
                        "max_size: 2 and 12",
                        "max_queries: 3 and 13",
                        "max_inactive_connection_lifetime: PT4S and PT14S",
                        "max_connection_lifetime: PT7S and PT17S",
                        "timeout: PT5S and PT15S",
                        "command_timeout: PT6S and PT16S",
                        "ssl_mode: prefer and verify-ca",
                        "ssl_root_cert: none and ca.pem",
                        "server_settings.jit",
                        "password");
    }

    @Test
    void namesNothingThatIsTheSame() {
        PoolSpec spec = spec(PoolLimits.DEFAULTS, Map.of("jit", "on"), "hunter2");
        assertThat(SpecDifference.between(spec, spec)).isEmpty();
        assertThat(SpecDifference.between(spec, spec(PoolLimits.DEFAULTS, Map.of("jit", "on"), "hunter3")))
                .map(SpecDifference::toString)
                .containsExactly("password");
    }

    @Test
    void isToldAsAChangeToo() {
        PoolSpec spec = spec(PoolLimits.DEFAULTS, Map.of("jit", "on"), "hunter2");
        PoolSpec other = spec(PoolLimits.DEFAULTS.withSizes(5, 30), Map.of("work_mem", "8MB"), "hunter3");
        assertThat(SpecDifference.between(spec, other))
                .map(SpecDifference::asChange)
                .containsExactly("max_size 20 -> 30", "server_settings.jit", "server_settings.work_mem", "password");
    }
}
