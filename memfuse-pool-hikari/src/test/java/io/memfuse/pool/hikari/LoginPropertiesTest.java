package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

class LoginPropertiesTest {

    private static Properties of(Duration timeout) {
        return of(Endpoints.of("db1", 5432), timeout);
    }

    private static Properties of(Endpoints endpoints, Duration timeout) {
        PoolSpec spec =
                PoolSpec.builder("hikari", "orders").endpoints(endpoints).build();
        return new LoginProperties(spec, ServerOptions.of(spec.serverSettings(), spec.limits()))
                .with("secret", timeout);
    }

    /** The last of several hosts may have next to no time left, and the driver takes 0 for ever. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999_999, 1_000_000, 1_000_000_000})
    void haveALimitHoweverLittleTimeIsLeft(long nanos) throws Exception {
        Properties login = of(Duration.ofNanos(nanos));

        assertThat(PGProperty.CONNECT_TIMEOUT.getInt(login)).isEqualTo(1);
        assertThat(PGProperty.SOCKET_TIMEOUT.getInt(login)).isEqualTo(1);
        assertThat(PGProperty.SSL_RESPONSE_TIMEOUT.getInt(login)).isPositive();
    }

    @Test
    void takeNoTimeOfTheNextHost() throws Exception {
        var several = new Endpoints(
                List.of(new Endpoint("db1", 5432), new Endpoint("db2", 5432)), TargetSessionAttrs.ANY, false);

        assertThat(PGProperty.CONNECT_TIMEOUT.getInt(of(Duration.ofMillis(2_900))))
                .isEqualTo(3);
        Properties login = of(several, Duration.ofMillis(2_900));
        assertThat(PGProperty.CONNECT_TIMEOUT.getInt(login)).isEqualTo(2);
        assertThat(PGProperty.SSL_RESPONSE_TIMEOUT.getInt(login)).isEqualTo(1_450);
        assertThat(PGProperty.SOCKET_TIMEOUT.getInt(login)).isEqualTo(1);
        assertThat(PGProperty.CONNECT_TIMEOUT.getInt(of(several, Duration.ofMillis(900))))
                .isEqualTo(1);
    }

    @Test
    void shareTheTimeBetweenTheQuestionForSslAndTheLogin() throws Exception {
        Properties login = of(Duration.ofSeconds(4));

        assertThat(PGProperty.CONNECT_TIMEOUT.getInt(login)).isEqualTo(4);
        assertThat(PGProperty.SSL_RESPONSE_TIMEOUT.getInt(login)).isEqualTo(2_000);
        assertThat(PGProperty.SOCKET_TIMEOUT.getInt(login)).isEqualTo(2);
        assertThat(PGProperty.PASSWORD.getOrDefault(login)).isEqualTo("secret");
    }
}
