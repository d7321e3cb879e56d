package io.memfuse.services.sql;

import io.memfuse.core.pool.PoolException;
import io.memfuse.services.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The tables as one user sees them: the one place where statements get their user. Thread-safe.
 *
 * <p>INVARIANT: the first parameter of every statement is {@code user_id}, and it is bound here, never by a caller. Each
 * statement is a transaction of its own and may be repeated.
 */
public final class UserDatabase {

    private static final int MAX_USER_CHARS = 256;

    private final DataSource dataSource;
    private final String user;
    private final String subject;

    /** Binds the parameters after the user. */
    @FunctionalInterface
    public interface Binder {
        void bind(Parameters parameters) throws SQLException;
    }

    /** Reads the current row. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    @FunctionalInterface
    private interface Work<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    /** @throws IllegalArgumentException if {@code user} is no name that can be stored */
    public UserDatabase(DataSource dataSource, String service, String user) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.user = Texts.requireName("user", user, MAX_USER_CHARS);
        this.subject = service + " of user '" + user + "'";
    }

    /** Returns the service and its user, for messages. */
    public String subject() {
        return subject;
    }

    /**
     * Runs a statement that changes rows.
     *
     * @param operation what it does, for the message, such as {@code put a record}
     * @return the number of rows
     * @throws StorageException if it fails
     */
    public int update(String operation, String sql, Binder binder) {
        return run(operation, sql, binder, PreparedStatement::executeUpdate);
    }

    /**
     * Runs a query.
     *
     * @throws StorageException if it fails
     */
    public <T> List<T> query(String operation, String sql, Binder binder, RowMapper<T> mapper) {
        return run(operation, sql, binder, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                var result = new ArrayList<T>();
                while (rows.next()) {
                    result.add(mapper.map(rows));
                }
                return result;
            }
        });
    }

    /** Runs a query that finds one row at most. */
    public <T> Optional<T> queryOne(String operation, String sql, Binder binder, RowMapper<T> mapper) {
        return query(operation, sql, binder, mapper).stream().findFirst();
    }

    private <T> T run(String operation, String sql, Binder binder, Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return Transactions.autoCommitted(connection, () -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    binder.bind(new Parameters(statement, user));
                    return work.run(statement);
                }
            });
        } catch (SQLException | PoolException failure) {
            throw SqlFailures.translate(failure, subject, operation);
        }
    }
}
