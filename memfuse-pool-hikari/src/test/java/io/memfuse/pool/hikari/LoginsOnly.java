package io.memfuse.pool.hikari;

import java.sql.Connection;

/** A driver for tests in which only the login matters. */
@FunctionalInterface
interface LoginsOnly extends SessionDriver {

    @Override
    default String name(Connection connection) {
        return "stub";
    }

    @Override
    default boolean inTransaction(Connection connection) {
        return false;
    }

    @Override
    default void cancel(Connection connection) {}
}
