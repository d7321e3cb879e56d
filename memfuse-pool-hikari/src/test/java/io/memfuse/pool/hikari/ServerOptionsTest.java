package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {

    private static final PoolLimits NO_COMMAND_TIMEOUT = PoolLimits.DEFAULTS.withCommandTimeout(Duration.ZERO);

    private static ServerOptions of(Map<String, String> settings) {
        return ServerOptions.of(settings, NO_COMMAND_TIMEOUT);
    }

    @Test
    void turnsTheCommandTimeoutIntoTheServersStatementTimeout() {
        assertThat(ServerOptions.of(Map.of(), PoolLimits.DEFAULTS).commandLine())
                .isEqualTo("-c statement_timeout=60000");
        assertThat(of(Map.of()).commandLine()).isEmpty();
    }

    @Test
    void takesTheStatementTimeoutOfTheSettingsIfThereIsNoCommandTimeout() {
        assertThat(of(Map.of("statement_timeout", "1s")).commandLine()).isEqualTo("-c statement_timeout=1s");
    }

    @Test
    void escapesWhatTheServerWouldSplitAt() {
        assertThat(of(Map.of("search_path", "\"my schema\", public")).commandLine())
                .isEqualTo("-c search_path=\"my\\ schema\",\\ public");
        assertThat(of(Map.of("app.path", "C:\\x\ty\n")).commandLine()).isEqualTo("-c app.path=C:\\\\x\\\ty\\\n");
    }

    @Test
    void keepsAnOptionFromBeingSmuggledInAsAValue() {
        assertThat(of(Map.of("work_mem", "5MB -c log_statement=none")).commandLine())
                .isEqualTo("-c work_mem=5MB\\ -c\\ log_statement=none");
    }

    @Test
    void separatesSeveral() {
        assertThat(ServerOptions.of(Map.of("work_mem", "5MB"), PoolLimits.DEFAULTS)
                        .commandLine())
                .isEqualTo("-c statement_timeout=60000 -c work_mem=5MB");
    }

    @Test
    void namesTheSessionAsTheUserSaysElseAfterItself() {
        assertThat(of(Map.of()).applicationName()).isEqualTo("memfuse");
        ServerOptions named = of(Map.of("Application_Name", "orders"));
        assertThat(named.applicationName()).isEqualTo("orders");
        assertThat(named.commandLine()).isEmpty();
    }

    @Test
    void setsAfterTheLoginWhatTheDriverSendsItself() {
        ServerOptions options = of(Map.of("TimeZone", "UTC", "extra_float_digits", "0"));

        assertThat(options.commandLine()).isEmpty();
        assertThat(options.afterLogin())
                .containsOnly(Map.entry("timezone", "UTC"), Map.entry("extra_float_digits", "0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "-c", "1st", "naïve", "client_encoding", "DateStyle"})
    void refusesNamesThatCannotBeSet(String name) {
        assertThatThrownBy(() -> of(Map.of(name, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void refusesAStatementTimeoutGivenTwice() {
        assertThatThrownBy(() -> ServerOptions.of(Map.of("STATEMENT_TIMEOUT", "1s"), PoolLimits.DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("given twice")
                .hasMessageContaining("command_timeout");
    }

    @Test
    void refusesAValueThatWouldEndTheStartupPacket() {
        assertThatThrownBy(() -> of(Map.of("work_mem", "5MB\0x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NUL");
    }
}
