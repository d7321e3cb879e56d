package io.memfuse.services.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Binds the parameters of one statement, in order; the first one, the user, is bound already. For one thread. */
public final class Parameters {

    private final PreparedStatement statement;
    private int index;

    Parameters(PreparedStatement statement, String user) throws SQLException {
        this.statement = statement;
        text(user);
    }

    /** Binds the next parameter. */
    public Parameters text(String value) throws SQLException {
        statement.setString(++index, value);
        return this;
    }

    /** Binds the next parameter. */
    public Parameters number(int value) throws SQLException {
        statement.setInt(++index, value);
        return this;
    }

    /** Binds the next parameter. */
    public Parameters uuid(UUID value) throws SQLException {
        statement.setObject(++index, value);
        return this;
    }

    /** Binds the next parameter, a {@code text[]}. */
    public Parameters texts(String[] values) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf("text", values));
        return this;
    }
}
