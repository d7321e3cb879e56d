package io.memfuse.services.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.services.StorageException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "08006, UNAVAILABLE",
        "40001, UNAVAILABLE",
        "25006, UNAVAILABLE",
        "53300, UNAVAILABLE",
        "55P03, UNAVAILABLE",
        "57014, UNAVAILABLE",
        "57P01, UNAVAILABLE",
        "58030, UNAVAILABLE",
        "22P02, REFUSED",
        "23505, REFUSED",
        "54000, REFUSED",
        "42P01, FAILED",
        "42501, FAILED",
        "XX000, FAILED",
        ", FAILED"
    })
    void readsTheSqlState(String state, StorageException.Code code) {
        assertThat(SqlFailures.translate(new SQLException("secret", state), "s", "o"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void takesAPoolsTimeoutForUnavailable() {
        StorageException e = SqlFailures.translate(new SQLTransientConnectionException("timed out"), "s", "o");

        assertThat(e.code()).isEqualTo(StorageException.Code.UNAVAILABLE);
        assertThat(e.retryable()).isTrue();
    }

    @Test
    void saysWhoWhatAndWhatToDoAndNotWhatTheDriverSays() {
        var cause = new SQLException("secret", "08006");

        assertThat(SqlFailures.translate(cause, "storage of user 'alice'", "put a record"))
                .hasMessage("[MemFuse/StorageUnavailable] storage of user 'alice': could not put a record"
                        + " (SQLSTATE 08006); nothing is wrong with the request; try again")
                .hasCause(cause);
    }
}
