package io.memfuse.bench.rounds;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The least that a request can want of a server. */
final class Question {

    private Question() {}

    static void ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }
}
