package io.memfuse.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;

/** Where HikariCP gets its connections, one after the other, on the thread that adds them. Thread-safe. */
final class ConnectionSource extends PlainDataSource {

    /** For HikariCP: what its shutdown waits for its adder, which has nothing left to do then but to end. */
    private static final int ADDER_END_SECONDS = 5;

    private final Connector connector;
    private final Supply supply;
    private final PoolThreads threads;

    ConnectionSource(Connector connector, Supply supply, PoolThreads threads) {
        this.connector = connector;
        this.supply = supply;
        this.threads = threads;
    }

    /** Returns a connection of the supply; once the pool is closed, nothing but a farewell. */
    @Override
    public Connection getConnection() throws SQLException {
        PhysicalConnection connection;
        try {
            connection = connector.isClosed() ? null : supply.next();
        } catch (SQLException e) {
            if (connector.isClosed()) {
                return FarewellConnection.create();
            }
            throw e;
        }
        if (connection == null) {
            return FarewellConnection.create();
        }
        threads.skipPause();
        return connection;
    }

    /** For HikariCP, which sets it when it starts; each connection has its own bound. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return ADDER_END_SECONDS;
    }
}
