package io.memfuse.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

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

    /** Returns a connection of the supply; once the pool is closed, and in an outage, nothing but a farewell. */
    @Override
    public Connection getConnection() throws SQLException {
        PhysicalConnection connection;
        try {
            connection = connector.isClosed() || connector.outage().isOn() ? null : supply.next();
        } catch (SQLException e) {
            if (!connector.isClosed() && !connector.outage().isOn()) {
                throw e;
            }
            connection = null;
        }
        if (connection != null) {
            threads.skipPause();
            return connection;
        }
        return connector.isClosed() ? FarewellConnection.create() : sendAway();
    }

    /** With nobody to send away there is nothing for HikariCP to do: it is asked again when there is a connection. */
    private Connection sendAway() throws SQLException {
        threads.skipPause();
        if (!supply.isAnybodyWaiting()) {
            throw new SQLTransientConnectionException("no attempt before it is due");
        }
        return FarewellConnection.create();
    }

    /** For HikariCP, which sets it when it starts; each connection has its own bound. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return ADDER_END_SECONDS;
    }
}
