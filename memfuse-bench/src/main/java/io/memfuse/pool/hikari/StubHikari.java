package io.memfuse.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Our provider on a driver of the benchmarks' own, which is why this class stands in the provider's package: to put another
 * driver beneath it is nobody else's business. Works on the class path only.
 */
public final class StubHikari {

    private StubHikari() {}

    /** Returns a provider whose pools take their physical connections from {@code driver}. */
    public static HikariPoolProvider on(DataSource driver) {
        return new HikariPoolProvider((spec, key) -> new PlainDriver(driver));
    }

    private record PlainDriver(DataSource driver) implements SessionDriver {

        @Override
        public Connection connect() throws SQLException {
            return driver.getConnection();
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
