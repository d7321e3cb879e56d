package io.memfuse.it.pool;

import io.memfuse.core.testing.PoolProviderContract;
import io.memfuse.core.testing.PoolUnderTest;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The reactive adapter keeps the contract of providers. */
class R2dbcContractIT extends PoolProviderContract<ConnectionFactory> {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    R2dbcContractIT() {
        super(new DatabaseUnderTest<>(new R2dbcPoolProvider(), DATABASE) {
            @Override
            public Borrowed borrow(ConnectionFactory resource) {
                return new ReactiveBorrowed(Reactive.await(resource.create()));
            }

            @Override
            public Class<R2dbcException> exceptionType() {
                return R2dbcException.class;
            }

            @Override
            public Duration shortestInactiveLifetime() {
                return Duration.ofSeconds(1);
            }

            @Override
            public Duration shortestLifetime() {
                return Duration.ofSeconds(20);
            }
        });
    }

    private record ReactiveBorrowed(Connection connection) implements PoolUnderTest.Borrowed {

        @Override
        public void execute(String sql) {
            Reactive.run(Reactive.execute(connection, sql));
        }

        @Override
        public String query(String sql) {
            return Reactive.await(Reactive.query(connection, sql));
        }

        @Override
        public void begin() {
            Reactive.run(connection.beginTransaction());
        }

        @Override
        public void savepoint(String name) {
            Reactive.run(connection.createSavepoint(name));
        }

        @Override
        public void beSerializable() {
            Reactive.run(connection.setTransactionIsolationLevel(IsolationLevel.SERIALIZABLE));
        }

        @Override
        public void beginSerializable() {
            Reactive.run(connection.beginTransaction(IsolationLevel.SERIALIZABLE));
        }

        @Override
        public void close() {
            Reactive.run(connection.close());
        }
    }
}
