package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.it.Backends;
import io.memfuse.it.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Nothing of one borrower reaches the next: a pool of one connection, two borrowers. */
class HikariReturnIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private PoolHandle<DataSource> pool = openSingle();

    private static PoolHandle<DataSource> openSingle() {
        return POOLS.open(
                DATABASE.spec().serverSettings(Map.of("search_path", "home")).limits(Pools.LIMITS.withSizes(1, 1)));
    }

    @BeforeEach
    void createTable() {
        DATABASE.execute("CREATE SCHEMA IF NOT EXISTS home; CREATE SCHEMA IF NOT EXISTS other;"
                + "CREATE TABLE IF NOT EXISTS home.entries (n int); TRUNCATE home.entries");
    }

    @AfterEach
    void stillServesTheNextBorrowerWithTheSameState() throws SQLException {
        try (Connection next = pool.resource().getConnection()) {
            assertThat(next.getAutoCommit()).isTrue();
            assertThat(next.isReadOnly()).isFalse();
            assertThat(next.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(next.getNetworkTimeout()).isEqualTo(70_000);
            assertThat(next.getHoldability()).isEqualTo(ResultSet.CLOSE_CURSORS_AT_COMMIT);
            assertThat(Pools.query(next, "SHOW search_path")).isEqualTo("home");
            assertThat(Pools.query(next, "SHOW application_name")).isEqualTo("memfuse");
            Pools.execute(next, "INSERT INTO entries VALUES (0)");
        }
        assertThat(DATABASE.query("SELECT count(*) FROM home.entries WHERE n = 0"))
                .isEqualTo("1");
        assertThat(DATABASE.backends().all())
                .extracting(Backends.Backend::state)
                .containsOnly("idle");
    }

    @Nested
    class AnOpenTransaction {

        @AfterEach
        void leftNothing() {
            assertThat(DATABASE.query("SELECT count(*) FROM home.entries WHERE n > 0"))
                    .isEqualTo("0");
        }

        @Test
        void begunByTheApi() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                connection.setAutoCommit(false);
                Pools.execute(connection, "INSERT INTO entries VALUES (1)");
            }
        }

        @Test
        void begunBySavepoint() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                connection.setAutoCommit(false);
                assertThat(connection.setSavepoint("here")).isNotNull();
            }
        }

        @Test
        void begunBySql() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                Pools.execute(connection, "BEGIN");
                Pools.execute(connection, "INSERT INTO entries VALUES (1)");
            }
        }

        @Test
        void begunBySqlAndFailed() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                Pools.execute(connection, "BEGIN");
                assertThatThrownBy(() -> Pools.execute(connection, "SELECT 1 / 0"))
                        .isInstanceOf(SQLException.class);
            }
        }

        @Test
        void begunByTheApiAndFailed() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> Pools.execute(connection, "SELECT 1 / 0"))
                        .isInstanceOf(SQLException.class);
            }
        }

        @Test
        void ofACopyThatHikariDoesNotKnowOf() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                connection.setAutoCommit(false);
                CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY entries FROM STDIN");
                byte[] row = "1\n".getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(row, 0, row.length);
                assertThat(copy.endCopy()).isEqualTo(1);
            }
        }

        @Test
        void ofAReadOnlyBorrower() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                connection.setReadOnly(true);
                Pools.execute(connection, "BEGIN");
                assertThat(Pools.query(connection, "SELECT count(*) FROM entries"))
                        .isEqualTo("0");
            }
        }

        @Test
        void isRolledBackOnTheServerAtOnce() throws SQLException {
            try (Connection connection = pool.resource().getConnection()) {
                Pools.execute(connection, "BEGIN; LOCK TABLE entries IN ACCESS EXCLUSIVE MODE");
            }

            assertThat(DATABASE.query("SELECT count(*) FROM pg_locks WHERE relation = 'home.entries'::regclass"))
                    .isEqualTo("0");
        }
    }

    @Test
    void aCommitStays() throws SQLException {
        try (Connection connection = pool.resource().getConnection()) {
            connection.setAutoCommit(false);
            Pools.execute(connection, "INSERT INTO entries VALUES (7)");
            // By the standard this commits, and it is the borrower who says so.
            connection.setAutoCommit(true);
        }

        assertThat(DATABASE.query("SELECT count(*) FROM home.entries WHERE n = 7"))
                .isEqualTo("1");
    }

    @Test
    void isolationReadOnlyAndAutoCommit() throws SQLException {
        int pid = Pools.pid(pool);
        try (Connection connection = pool.resource().getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThat(Pools.query(connection, "SHOW transaction_isolation")).isEqualTo("serializable");
        }

        assertThat(Pools.pid(pool)).isEqualTo(pid);
    }

    @Test
    void schema() throws SQLException {
        try (Connection connection = pool.resource().getConnection()) {
            connection.setSchema("other");
            assertThat(connection.getSchema()).isEqualTo("other");
        }
    }

    @Test
    void networkTimeout() throws SQLException {
        try (Connection connection = pool.resource().getConnection()) {
            connection.setNetworkTimeout(Runnable::run, 12_345);
            assertThat(connection.getNetworkTimeout()).isEqualTo(12_345);
        }
    }

    @Test
    void clientInfoAndHoldability() throws SQLException {
        try (Connection connection = pool.resource().getConnection()) {
            connection.setClientInfo("ApplicationName", "somebody");
            connection.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
            assertThat(Pools.query(connection, "SHOW application_name")).isEqualTo("somebody");
        }
    }

    @Test
    void anOpenStatement() throws SQLException {
        Statement abandoned;
        ResultSet rows;
        try (Connection connection = pool.resource().getConnection()) {
            abandoned = connection.createStatement();
            rows = abandoned.executeQuery("SELECT generate_series(1, 10)");
            assertThat(rows.next()).isTrue();
        }

        assertThat(abandoned.isClosed()).isTrue();
        assertThatThrownBy(rows::next).isInstanceOf(SQLException.class);
    }

    @Test
    void aConnectionWhoseStateIsUnknownIsReplaced() throws SQLException {
        int pid;
        try (Connection connection = pool.resource().getConnection()) {
            pid = Pools.pid(connection);
            Pools.execute(connection, "BEGIN");
            assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                    .isInstanceOf(SQLException.class);
        }

        assertThat(Pools.pid(pool)).isNotEqualTo(pid);
        await().untilAsserted(() -> assertThat(DATABASE.backends().pids()).doesNotContain(pid));
    }

    @Test
    void aConnectionThatTheServerEndedIsReplaced() throws SQLException {
        int pid;
        try (Connection connection = pool.resource().getConnection()) {
            pid = Pools.pid(connection);
            DATABASE.backends().terminate(pid);
            await().untilAsserted(() -> assertThat(DATABASE.backends().pids()).doesNotContain(pid));
            assertThatThrownBy(() -> Pools.pid(connection)).isInstanceOf(SQLException.class);
        }

        assertThat(Pools.pid(pool)).isNotEqualTo(pid);
    }
}
