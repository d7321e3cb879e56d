package io.memfuse.it.pool;

import io.memfuse.core.testing.PoolProviderContract;
import io.memfuse.core.testing.PoolUnderTest;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.hikari.HikariPoolProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The JDBC adapter keeps the contract of providers. */
class HikariContractIT extends PoolProviderContract<DataSource> {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    HikariContractIT() {
        super(new DatabaseUnderTest<>(new HikariPoolProvider(), DATABASE) {
            @Override
            public Borrowed borrow(DataSource resource) throws SQLException {
                return new JdbcBorrowed(resource.getConnection());
            }

            @Override
            public Class<SQLException> exceptionType() {
                return SQLException.class;
            }

            @Override
            public Duration shortestInactiveLifetime() {
                return Duration.ofSeconds(10);
            }

            @Override
            public Duration shortestLifetime() {
                return Duration.ofSeconds(30);
            }
        });
    }

    private record JdbcBorrowed(Connection connection) implements PoolUnderTest.Borrowed {

        @Override
        public void execute(String sql) throws SQLException {
            Pools.execute(connection, sql);
        }

        @Override
        public String query(String sql) throws SQLException {
            return Pools.query(connection, sql);
        }

        @Override
        public void begin() throws SQLException {
            connection.setAutoCommit(false);
        }

        @Override
        public void savepoint(String name) throws SQLException {
            connection.setAutoCommit(false);
            connection.setSavepoint(name);
        }

        @Override
        public void beSerializable() throws SQLException {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        }

        @Override
        public void beginSerializable() throws SQLException {
            beSerializable();
            begin();
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("cannot be given back", e);
            }
        }
    }
}
