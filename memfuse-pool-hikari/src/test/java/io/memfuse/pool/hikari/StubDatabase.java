package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolProvider;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that is not there, to measure and to test what a pool itself costs. Thread-safe. */
final class StubDatabase {

    private final AtomicInteger open = new AtomicInteger();

    /** Returns a provider whose pools connect to this. */
    PoolProvider<DataSource> provider() {
        return new HikariPoolProvider((spec, key) -> new Driver());
    }

    /** Returns what gives bare connections to this, for a pool of somebody else. */
    DataSource connections() {
        return new PlainDataSource() {
            @Override
            public Connection getConnection() {
                return connect();
            }

            @Override
            public void setLoginTimeout(int seconds) {}
        };
    }

    /** Returns the number of connections that are open. */
    int open() {
        return open.get();
    }

    private Connection connect() {
        return new StubConnection(open);
    }

    private final class Driver implements SessionDriver {

        @Override
        public Connection connect() {
            return StubDatabase.this.connect();
        }

        @Override
        public boolean inTransaction(Connection connection) {
            return false;
        }

        @Override
        public void cancel(Connection connection) {}
    }
}
