package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.it.Backends;
import io.memfuse.it.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each setting of a pool, as the server sees it. */
class HikariSettingsIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private static final PoolLimits DEFAULTS = PoolLimits.DEFAULTS;

    @Nested
    class Sizes {

        @Test
        void keepsMinSizeConnectionsOpen() throws InterruptedException {
            PoolHandle<DataSource> pool = POOLS.openWarm(DATABASE.spec().limits(DEFAULTS.withSizes(3, 20)));

            assertThat(DATABASE.backends().count()).isEqualTo(3);
            assertThat(pool.stats().idle()).isEqualTo(3);
        }

        @Test
        void opensASingleConnectionIfMinSizeIsZero() throws InterruptedException {
            POOLS.openWarm(DATABASE.spec().limits(DEFAULTS.withSizes(0, 20)));

            assertThat(DATABASE.backends().count()).isEqualTo(1);
        }

        @Test
        void letsTheBorrowerBeyondMaxSizeWaitAndExplainsWhyInVain() throws SQLException {
            PoolHandle<DataSource> pool =
                    POOLS.open(DATABASE.spec().limits(DEFAULTS.withSizes(5, 20).withTimeout(Duration.ofSeconds(1))));
            List<Connection> borrowed = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    borrowed.add(pool.resource().getConnection());
                }

                assertThatThrownBy(pool.resource()::getConnection)
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("[MemFuse/PoolExhausted] hikari://")
                        .hasMessageContaining("within 1.0 s (total=20/20, active=20, idle=0, waiting=0)")
                        .hasCauseInstanceOf(PoolTimeoutException.class);
                assertThat(DATABASE.backends().count()).isEqualTo(20);
            } finally {
                for (Connection connection : borrowed) {
                    connection.close();
                }
            }
        }

        @Test
        void tellsABorrowerThatIsInterruptedWhileItWaits() throws Exception {
            PoolHandle<DataSource> pool =
                    POOLS.open(DATABASE.spec().limits(DEFAULTS.withSizes(1, 1).withTimeout(Duration.ofSeconds(30))));
            try (Connection only = pool.resource().getConnection()) {
                assertThat(only.isValid(1)).isTrue();
                var interrupted = new CompletableFuture<Boolean>();
                var refused = new FutureTask<>(() -> {
                    try (Connection none = pool.resource().getConnection()) {
                        return none;
                    } finally {
                        interrupted.complete(Thread.currentThread().isInterrupted());
                    }
                });
                var borrower = new Thread(refused);
                borrower.start();
                await().until(() -> pool.stats().waiting() == 1);
                borrower.interrupt();

                assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("[MemFuse/PoolInterrupted] hikari://")
                        .hasCauseInstanceOf(PoolInterruptedException.class);
                assertThat(interrupted).isCompletedWithValue(true);
            }
        }
    }

    @Nested
    class MaxQueries {

        private static final int MAX_QUERIES = 3;

        @Test
        void replacesTheConnectionOnReturnAfterSoManyStatements() throws SQLException {
            PoolHandle<DataSource> pool = single();
            int first = Pools.pid(pool);
            assertThat(Pools.pid(pool)).isEqualTo(first);
            assertThat(Pools.pid(pool)).isEqualTo(first);

            int second = Pools.pid(pool);

            assertThat(second).isNotEqualTo(first);
            await().untilAsserted(() -> assertThat(DATABASE.backends().pids()).containsExactly(second));
        }

        @Test
        void replacesItOffTheRequestPathThoughNobodyBorrows() throws SQLException {
            PoolHandle<DataSource> pool = single();
            int first = Pools.pid(pool);
            Pools.pid(pool);
            Pools.pid(pool);

            await().untilAsserted(() ->
                    assertThat(DATABASE.backends().pids()).hasSize(1).doesNotContain(first));
        }

        @Test
        void keepsTheConnectionForTheWholeTransaction() throws SQLException {
            PoolHandle<DataSource> pool = single();
            try (Connection connection = pool.resource().getConnection()) {
                connection.setAutoCommit(false);
                int first = Pools.pid(connection);
                for (int i = 0; i < 2 * MAX_QUERIES; i++) {
                    assertThat(Pools.pid(connection)).isEqualTo(first);
                }
                connection.commit();
                assertThat(Pools.pid(connection)).isEqualTo(first);
                connection.commit();
            }
        }

        @Test
        void countsTheStatementsOfABatch() throws SQLException {
            DATABASE.execute("CREATE TABLE IF NOT EXISTS batched (n int)");
            PoolHandle<DataSource> pool = single();
            int first;
            try (Connection connection = pool.resource().getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO batched VALUES (?)")) {
                first = Pools.pid(connection);
                for (int i = 0; i < MAX_QUERIES; i++) {
                    insert.setInt(1, i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(MAX_QUERIES);
            }

            assertThat(Pools.pid(pool)).isNotEqualTo(first);
        }

        @Test
        void countsATextOfSeveralStatementsAsOne() throws SQLException {
            PoolHandle<DataSource> pool = single();
            int first = Pools.pid(pool);

            try (Connection connection = pool.resource().getConnection()) {
                Pools.execute(connection, "SELECT 1; SELECT 2; SELECT 3");
            }

            assertThat(Pools.pid(pool)).isEqualTo(first);
            assertThat(Pools.pid(pool)).isNotEqualTo(first);
        }

        @Test
        void neverReplacesIfThereIsNoLimit() throws SQLException {
            PoolHandle<DataSource> pool =
                    POOLS.open(DATABASE.spec().limits(DEFAULTS.withSizes(1, 1).withMaxQueries(0)));
            int first = Pools.pid(pool);
            for (int i = 0; i < 50; i++) {
                assertThat(Pools.pid(pool)).isEqualTo(first);
            }
        }

        private PoolHandle<DataSource> single() {
            return POOLS.open(DATABASE.spec().limits(DEFAULTS.withSizes(1, 1).withMaxQueries(MAX_QUERIES)));
        }
    }

    /** That it is kept is shown for each adapter by the contract of providers. */
    @Nested
    class MaxInactiveConnectionLifetime {

        @Test
        void isRefusedIfShorterThanHikariCanKeep() {
            assertThatThrownBy(() -> POOLS.open(
                            DATABASE.spec().limits(DEFAULTS.withMaxInactiveConnectionLifetime(Duration.ofSeconds(9)))))
                    .isInstanceOfSatisfying(
                            PoolOpenException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED))
                    .hasMessageContaining("max_inactive_connection_lifetime is PT9S")
                    .hasMessageContaining("PT10S to");
        }
    }

    /** That it is kept is shown for each adapter by the contract of providers. */
    @Nested
    class MaxConnectionLifetime {

        @Test
        void isRefusedIfShorterThanHikariCanKeep() {
            assertThatThrownBy(() -> POOLS.open(
                            DATABASE.spec().limits(DEFAULTS.withMaxConnectionLifetime(Duration.ofSeconds(29)))))
                    .isInstanceOfSatisfying(
                            PoolOpenException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED))
                    .hasMessageContaining("max_connection_lifetime is PT29S")
                    .hasMessageContaining("PT30S to");
        }
    }

    @Nested
    class Timeout {

        @Test
        void isRefusedIfShorterThanHikariCanKeep() {
            assertThatThrownBy(() -> POOLS.open(DATABASE.spec().limits(DEFAULTS.withTimeout(Duration.ofMillis(249)))))
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("timeout is PT0.249S")
                    .hasMessageContaining("PT0.25S to");
        }
    }

    @Nested
    class CommandTimeout {

        @Test
        void cancelsTheStatementOnTheServer() throws SQLException {
            PoolHandle<DataSource> pool = POOLS.open(
                    DATABASE.spec().limits(DEFAULTS.withSizes(1, 1).withCommandTimeout(Duration.ofMillis(300))));
            try (Connection connection = pool.resource().getConnection()) {
                assertThatThrownBy(() -> Pools.execute(connection, "SELECT pg_sleep(60)"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("57014"));

                assertThat(DATABASE.backends().all())
                        .singleElement()
                        .extracting(Backends.Backend::state)
                        .isEqualTo("idle");
                assertThat(Pools.query(connection, "SELECT 'as before'")).isEqualTo("as before");
            }
        }

        @Test
        void isNoneIfZero() throws SQLException {
            PoolHandle<DataSource> pool =
                    POOLS.open(DATABASE.spec().limits(DEFAULTS.withCommandTimeout(Duration.ZERO)));
            try (Connection connection = pool.resource().getConnection()) {
                assertThat(Pools.query(connection, "SHOW statement_timeout")).isEqualTo("0");
                assertThat(connection.getNetworkTimeout()).isZero();
            }
        }

        @Test
        void leavesTheServerAGraceBeforeTheNetworkIsGivenUp() throws SQLException {
            PoolHandle<DataSource> pool =
                    POOLS.open(DATABASE.spec().limits(DEFAULTS.withCommandTimeout(Duration.ofSeconds(5))));
            try (Connection connection = pool.resource().getConnection()) {
                assertThat(Pools.query(connection, "SHOW statement_timeout")).isEqualTo("5s");
                assertThat(connection.getNetworkTimeout()).isEqualTo(15_000);
            }
        }
    }

    @Nested
    class ServerSettings {

        @Test
        void areThoseThatEverySessionStartsWith() throws SQLException {
            PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec()
                    .serverSettings(Map.of(
                            "application_name", "the orders' own",
                            "search_path", "\"a b\", public",
                            "TimeZone", "Asia/Kathmandu",
                            "extra_float_digits", "1",
                            "work_mem", "5MB",
                            "memfuse.note", "back\\slash and\ttab")));
            try (Connection connection = pool.resource().getConnection()) {
                assertThat(Pools.query(connection, "SHOW application_name")).isEqualTo("the orders' own");
                assertThat(Pools.query(connection, "SHOW search_path")).isEqualTo("\"a b\", public");
                assertThat(Pools.query(connection, "SHOW TimeZone")).isEqualTo("Asia/Kathmandu");
                assertThat(Pools.query(connection, "SHOW extra_float_digits")).isEqualTo("1");
                assertThat(Pools.query(connection, "SHOW work_mem")).isEqualTo("5MB");
                assertThat(Pools.query(connection, "SHOW memfuse.note")).isEqualTo("back\\slash and\ttab");
            }
            assertThat(DATABASE.backends().of("the orders' own")).isNotEmpty();
        }

        @Test
        void showWhoseConnectionItIsUnlessTheUserSaysSo() throws InterruptedException {
            POOLS.openWarm(DATABASE.spec());

            assertThat(DATABASE.backends().of("memfuse")).hasSize(DEFAULTS.minSize());
        }

        @Test
        void areRefusedIfTheServerDoesNotKnowThem() {
            assertMisconfigured(Map.of("wrok_mem", "5MB"), "unrecognized configuration parameter \"wrok_mem\"");
        }

        @Test
        void areRefusedIfTheServerDoesNotTakeTheValue() {
            assertMisconfigured(Map.of("work_mem", "much"), "invalid value for parameter \"work_mem\"");
            assertMisconfigured(Map.of("timezone", "Middle/Earth"), "invalid value for parameter \"TimeZone\"");
        }

        @Test
        void areRefusedIfTheyCannotBeChanged() {
            assertMisconfigured(Map.of("max_connections", "7"), "\"max_connections\" cannot be changed");
        }

        @Test
        void areRefusedIfTheyContradictTheCommandTimeout() {
            assertMisconfigured(Map.of("statement_timeout", "1s"), "'statement_timeout' is given twice");
        }

        @Test
        void areRefusedIfTheDriverNeedsItsOwn() {
            assertMisconfigured(Map.of("DateStyle", "German"), "'DateStyle' is set by the JDBC driver");
        }

        private void assertMisconfigured(Map<String, String> settings, String reason) {
            assertThatThrownBy(() -> POOLS.open(DATABASE.spec().serverSettings(settings)))
                    .isInstanceOfSatisfying(PoolOpenException.class, e -> {
                        assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED);
                        assertThat(e.retryable()).isFalse();
                    })
                    .hasMessageContaining(reason);
            assertThat(DATABASE.backends().count()).isZero();
        }
    }

    @Test
    void reachTheDriverUnderThePool() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec());
        try (Connection connection = pool.resource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(connection.isWrapperFor(org.postgresql.PGConnection.class))
                    .isTrue();
            assertThat(connection.unwrap(org.postgresql.PGConnection.class).getBackendPID())
                    .isEqualTo(Pools.pid(connection));
            assertThat(statement.unwrap(org.postgresql.PGStatement.class)).isNotNull();
        }
    }
}
