package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.FailureKind;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailuresTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(state("28P01"), FailureKind.BAD_CREDENTIALS),
                Arguments.of(state("28000"), FailureKind.BAD_CREDENTIALS),
                Arguments.of(state("3D000"), FailureKind.UNKNOWN_DATABASE),
                Arguments.of(state("53300"), FailureKind.TOO_MANY_CONNECTIONS),
                Arguments.of(state("42704"), FailureKind.MISCONFIGURED),
                Arguments.of(state("22023"), FailureKind.MISCONFIGURED),
                Arguments.of(state("57P03"), FailureKind.OTHER),
                Arguments.of(below(new ConnectException("refused")), FailureKind.UNREACHABLE),
                Arguments.of(below(new UnknownHostException("nowhere")), FailureKind.UNREACHABLE),
                Arguments.of(below(new IOException("reset")), FailureKind.UNREACHABLE),
                Arguments.of(below(new SSLHandshakeException("no cipher suites in common")), FailureKind.OTHER),
                Arguments.of(below(new CertificateException("no name matching db found")), FailureKind.INSECURE),
                Arguments.of(
                        below(new IOException("Server support for SSL connection is disabled, but")),
                        FailureKind.INSECURE),
                Arguments.of(
                        below(new IllegalArgumentException("Password must not be null")), FailureKind.BAD_CREDENTIALS),
                Arguments.of(new TimeoutException("timed out"), FailureKind.NO_ANSWER),
                Arguments.of(new NoClassDefFoundError("Driver"), FailureKind.MISCONFIGURED),
                Arguments.of(new IllegalArgumentException("no such option"), FailureKind.MISCONFIGURED),
                Arguments.of(new IllegalStateException("else"), FailureKind.OTHER));
    }

    private static Throwable state(String state) {
        return new R2dbcNonTransientResourceException("told by the server", state);
    }

    private static Throwable below(Throwable cause) {
        return new R2dbcNonTransientResourceException("cannot connect", "08006", cause);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void areToldApart(Throwable failure, FailureKind kind) {
        assertThat(ConnectFailures.kind(failure)).isEqualTo(kind);
    }
}
