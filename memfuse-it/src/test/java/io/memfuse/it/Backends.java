package io.memfuse.it;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the server says about the client connections to one database ({@code pg_stat_activity}); looks from another
 * database and so never counts itself. Each call asks anew.
 */
public final class Backends {

    /**
     * One connection, as the server sees it.
     *
     * @param pid the process that serves it
     * @param applicationName what the client calls itself
     * @param state such as {@code active}, {@code idle} or {@code idle in transaction}
     * @param query the statement that runs or ran last
     */
    public record Backend(int pid, String applicationName, String state, String query) {}

    private static final String QUERY = "SELECT pid, application_name, coalesce(state, ''), coalesce(query, '')"
            + " FROM pg_stat_activity WHERE datname = ? AND backend_type = 'client backend' ORDER BY backend_start";

    private final TestDatabase database;

    Backends(TestDatabase database) {
        this.database = database;
    }

    /** Returns all connections, the oldest first. */
    public List<Backend> all() {
        var backends = new ArrayList<Backend>();
        try (Connection connection = database.server().connect(database.server().database());
                PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, database.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    backends.add(new Backend(row.getInt(1), row.getString(2), row.getString(3), row.getString(4)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look at the server's backends", e);
        }
        return backends;
    }

    /** Returns all connections of clients that call themselves so. */
    public List<Backend> of(String applicationName) {
        return all().stream()
                .filter(backend -> backend.applicationName().equals(applicationName))
                .collect(Collectors.toList());
    }

    /** Returns the process ids of all connections. */
    public Set<Integer> pids() {
        return all().stream().map(Backend::pid).collect(Collectors.toSet());
    }

    /** Returns the number of connections. */
    public int count() {
        return all().size();
    }

    /** Ends a connection from the server's side, as an administrator would. */
    public void terminate(int pid) {
        database.server().execute("SELECT pg_terminate_backend(" + pid + ")");
    }
}
