package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailuresTest {

    private static final PoolKey<DataSource> KEY =
            PoolKey.of(PoolSpec.builder("hikari", "orders").host("db").build(), DataSource.class);

    static Stream<Arguments> networkErrors() {
        return Stream.of(
                Arguments.of(new UnknownHostException("db"), FailureKind.UNREACHABLE, "unknown host 'db'"),
                Arguments.of(new ConnectException("Connection refused"), FailureKind.UNREACHABLE, "Connection refused"),
                Arguments.of(new NoRouteToHostException("No route"), FailureKind.UNREACHABLE, "No route"),
                Arguments.of(new SocketException("Connection reset"), FailureKind.UNREACHABLE, "Connection reset"),
                Arguments.of(new SocketTimeoutException("Read timed out"), FailureKind.NO_ANSWER, "Read timed out"),
                Arguments.of(new EOFException(), FailureKind.NO_ANSWER, "the server hung up during the login"));
    }

    @ParameterizedTest
    @MethodSource("networkErrors")
    void goesByTheErrorOfTheNetworkBelowTheDrivers(Exception network, FailureKind kind, String reason) {
        var failure = new SQLException("The connection attempt failed.", "08001", network);

        PoolOpenException reported = ConnectFailures.toPoolException(KEY, failure, Duration.ofMillis(5));

        assertThat(reported.kind()).isEqualTo(kind);
        assertThat(reported.reason()).isEqualTo(reason);
        assertThat(reported).hasCause(failure).hasMessageContaining("tried for 5 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, BAD_CREDENTIALS",
        "28000, BAD_CREDENTIALS",
        "08004, BAD_CREDENTIALS",
        "3D000, UNKNOWN_DATABASE",
        "53300, TOO_MANY_CONNECTIONS",
        "42704, MISCONFIGURED",
        "22023, MISCONFIGURED",
        "42501, MISCONFIGURED",
        "55P02, MISCONFIGURED",
        "08P01, NO_ANSWER",
        "57P03, OTHER",
        ", OTHER",
    })
    void goesByTheStateThatTheServerReports(String sqlState, FailureKind kind) {
        assertThat(ConnectFailures.kind(new SQLException("FATAL", sqlState))).isEqualTo(kind);
    }

    @Test
    void doesNotTryAgainWhereTheServerIsNotTrusted() {
        var untrusted = new SQLException("SSL error", "08006", new CertificateException("no path to a trust anchor"));
        var unreachable = new SQLException("SSL error", "08006", new SocketException("Connection reset"));

        assertThat(ConnectFailures.kind(untrusted)).isEqualTo(FailureKind.INSECURE);
        assertThat(ConnectFailures.toPoolException(KEY, untrusted, Duration.ZERO)
                        .retryable())
                .isFalse();
        assertThat(ConnectFailures.kind(unreachable)).isEqualTo(FailureKind.UNREACHABLE);
    }

    @Test
    void saysThatTheDriverIsNotThere() {
        PoolOpenException reported =
                ConnectFailures.toPoolException(KEY, new NoClassDefFoundError("org/postgresql/Driver"), Duration.ZERO);

        assertThat(reported.kind()).isEqualTo(FailureKind.MISCONFIGURED);
        assertThat(reported.retryable()).isFalse();
        assertThat(reported).hasMessageContaining("org.postgresql:postgresql");
    }

    @Test
    void endsThoughCausesGoInACircle() {
        var outer = new SQLException("outer", "XX000");
        var inner = new SQLException("inner", "XX000", outer);
        outer.initCause(inner);

        assertThat(ConnectFailures.kind(outer)).isEqualTo(FailureKind.OTHER);
        assertThat(SqlExceptions.of(ConnectFailures.toPoolException(KEY, outer, Duration.ZERO))
                        .getSQLState())
                .isEqualTo("XX000");
    }
}
