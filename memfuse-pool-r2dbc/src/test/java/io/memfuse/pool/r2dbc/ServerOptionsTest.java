package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which settings are sent at login, and which are refused before. */
class ServerOptionsTest {

    private static final PoolLimits LIMITS = PoolLimits.DEFAULTS;

    private static ServerOptions of(String name, String value) {
        return ServerOptions.of(Map.of(name, value), LIMITS);
    }

    @Test
    void theCommandTimeoutIsAParameterOfTheServer() {
        assertThat(ServerOptions.of(Map.of(), LIMITS.withCommandTimeout(Duration.ofMillis(1_500)))
                        .atLogin())
                .isEqualTo(Map.of("statement_timeout", "1500"));
        assertThat(ServerOptions.of(Map.of(), LIMITS.withCommandTimeout(Duration.ZERO))
                        .atLogin())
                .isEmpty();
    }

    @Test
    void theSessionIsCalledMemfuseUnlessItIsSaidOtherwise() {
        assertThat(ServerOptions.of(Map.of(), LIMITS).applicationName()).isEqualTo("memfuse");
        assertThat(of("Application_Name", "orders").applicationName()).isEqualTo("orders");
    }

    @Test
    void valuesAreSentAsTheyAre() {
        assertThat(of("search_path", "\"a b\", public\\").atLogin()).containsEntry("search_path", "\"a b\", public\\");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a;b", "9lives", "user", "Database", "replication", "options"})
    void whatIsNoParameterIsRefused(String name) {
        assertThatThrownBy(() -> of(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "' is not the name of a run-time parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DateStyle", "client_encoding"})
    void whatTheDriverReliesOnIsRefused(String name) {
        assertThatThrownBy(() -> of(name, "x")).hasMessageContaining("is set by the R2DBC driver");
    }

    @Test
    void aSecondStatementTimeoutIsRefused() {
        assertThatThrownBy(() -> of("statement_timeout", "1s")).hasMessageContaining("is given twice");
        assertThat(ServerOptions.of(Map.of("statement_timeout", "1s"), LIMITS.withCommandTimeout(Duration.ZERO))
                        .atLogin())
                .containsEntry("statement_timeout", "1s");
    }

    @Test
    void aNulIsRefused() {
        assertThatThrownBy(() -> of("memfuse.note", "a\0b")).hasMessageContaining("NUL");
    }
}
