package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolProvider;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that is not there, to test what pools themselves cost. Thread-safe. */
final class StubDatabase {

    private final AtomicInteger open = new AtomicInteger();

    /** Returns a provider whose pools connect to this. */
    PoolProvider<DataSource> provider() {
        return new HikariPoolProvider((spec, key) -> driver());
    }

    /** Returns what connects to this. */
    SessionDriver driver() {
        return new Driver();
    }

    /** Returns the number of connections that are open. */
    int open() {
        return open.get();
    }

    private final class Driver implements SessionDriver {

        @Override
        public Connection connect() {
            return new StubConnection(open);
        }

        @Override
        public boolean inTransaction(Connection connection) {
            return false;
        }

        @Override
        public String name(Connection connection) {
            return "stub";
        }

        @Override
        public void cancel(Connection connection) {}
    }
}
