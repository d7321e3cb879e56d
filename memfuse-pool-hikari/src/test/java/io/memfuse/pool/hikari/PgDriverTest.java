package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.SslMode;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** What the driver says of a login that failed. */
class PgDriverTest {

    /** As the driver says that a certificate is for another host. */
    private final SQLException anotherHost =
            new PSQLException("The hostname db could not be verified.", PSQLState.CONNECTION_FAILURE);

    @Test
    void aCertificateForAnotherHostIsInsecure() {
        SQLException explained = PgDriver.explained(anotherHost, SslMode.VERIFY_FULL);

        assertThat(ConnectFailures.kind(explained)).isEqualTo(FailureKind.INSECURE);
        assertThat((Throwable) explained).hasMessage(anotherHost.getMessage()).hasRootCause(anotherHost);
        assertThat(explained.getSQLState()).isEqualTo("08006");
    }

    @Test
    void whatTheServerReportsItselfMayPass() {
        var reported =
                new PSQLException(new ServerErrorMessage("SFATAL\0C08006\0Mthe server behind the pooler is gone"));

        assertThat((Throwable) PgDriver.explained(reported, SslMode.VERIFY_FULL))
                .isSameAs(reported);
        assertThat(ConnectFailures.kind(reported)).isEqualTo(FailureKind.OTHER);
    }

    @Test
    void whatIsNoErrorOfTheDriverMayPass() {
        var other = new SQLException("connection lost", "08006");

        assertThat((Throwable) PgDriver.explained(other, SslMode.VERIFY_FULL)).isSameAs(other);
    }

    @Test
    void withoutVerifyFullNobodyLooksAtTheHost() {
        assertThat((Throwable) PgDriver.explained(anotherHost, SslMode.VERIFY_CA))
                .isSameAs(anotherHost);
    }
}
