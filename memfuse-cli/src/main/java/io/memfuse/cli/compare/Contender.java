package io.memfuse.cli.compare;

import java.sql.Connection;
import java.sql.SQLException;

/** One of the two that are compared. Thread-safe. */
interface Contender extends AutoCloseable {

    /** How many connections the pool that is used by all requests has. */
    int POOL_SIZE = 20;

    /** Finds the pool of the requests, as each request does. */
    void find() throws SQLException;

    /** Finds the pool of the requests, and takes a connection. */
    Connection connection() throws SQLException;

    /** Closes the pool of another database, if it is open. */
    void closeOther();

    /** Opens that pool, until its one connection was usable. */
    void openOther() throws SQLException;

    /** Asks for the pool of a database that does not answer, in vain, until the time-out has passed or it is refused. */
    void askDead();

    @Override
    void close();
}
