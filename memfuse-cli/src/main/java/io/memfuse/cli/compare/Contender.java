package io.memfuse.cli.compare;

import io.memfuse.core.pool.PoolSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** One of the two that are compared. Thread-safe. */
interface Contender extends AutoCloseable {

    /** How many connections the pool that is used by all requests has. */
    int POOL_SIZE = 20;

    /** The server setting by which pools of one database differ. */
    String NAME_SETTING = "application_name";

    /** Finds the pool of the requests, as each request does. */
    void find() throws SQLException;

    /** Finds the pool of the requests, and takes a connection. */
    Connection connection() throws SQLException;

    /** Closes the pool of another database, if it is open, and opens it until a connection of it was usable. */
    void reopenOther() throws SQLException;

    /** Asks for the pool of a database that does not answer, in vain, until the time-out has passed or it is refused. */
    void askDead();

    /** Opens pools, of one connection each; closes them when the result is closed. */
    Warm open(List<PoolSpec> more) throws SQLException;

    /** Pools that were opened. */
    interface Warm extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    void close();
}
