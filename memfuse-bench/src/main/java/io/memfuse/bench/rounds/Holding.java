package io.memfuse.bench.rounds;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Holds connections of a pool at once, which is how anybody can see that it has them. */
final class Holding {

    private Holding() {}

    /** Takes so many connections, then reads the watch, then gives them back. */
    static double millisUntilHeld(DataSource pool, int count, Stopwatch watch) throws SQLException {
        List<Connection> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(pool.getConnection());
            }
            return watch.millis();
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
    }
}
