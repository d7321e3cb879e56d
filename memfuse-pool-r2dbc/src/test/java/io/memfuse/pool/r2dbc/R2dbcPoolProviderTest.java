package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolProvider;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class R2dbcPoolProviderTest {

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(PoolProvider.class))
                .filteredOn(R2dbcPoolProvider.class::isInstance)
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.name()).isEqualTo("r2dbc");
                    assertThat(provider.resourceType()).isEqualTo(ConnectionFactory.class);
                });
    }

    @Test
    void refusesLimitsThatTheServerCannotKeep() {
        var fixture = new PoolFixture();
        assertThatThrownBy(() -> fixture.open(PoolFixture.LIMITS.withTimeout(Duration.ofDays(25))))
                .isInstanceOfSatisfying(
                        PoolOpenException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED))
                .hasMessageContaining("timeout is PT600H");
        assertThatThrownBy(() -> fixture.open(PoolFixture.LIMITS.withCommandTimeout(Duration.ofNanos(1))))
                .hasMessageContaining("command_timeout is PT0.000000001S");
        assertThatThrownBy(() -> fixture.open(PoolFixture.LIMITS.withMaxConnectionLifetime(Duration.ofDays(25))))
                .hasMessageContaining("max_connection_lifetime is PT600H");
        assertThat(fixture.driver.sessions()).isEmpty();
    }

    @Test
    void saysThatTheDriverIsMissing() {
        var provider = new R2dbcPoolProvider((spec, key) -> {
            throw new NoClassDefFoundError("io/r2dbc/postgresql/PostgresqlConnectionFactory");
        });
        assertThatThrownBy(() -> new PoolFixture(provider).open(1, 1))
                .isInstanceOfSatisfying(PoolOpenException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED);
                    assertThat(e.retryable()).isFalse();
                })
                .hasMessageContaining("(org.postgresql:r2dbc-postgresql) is not there");
    }
}
