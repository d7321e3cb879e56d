package io.memfuse.it;

import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh database for one test class, its nested classes included:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestDatabase DATABASE = new TestDatabase();
 * }</pre>
 *
 * Dropped, with whoever is still connected, when the class is done.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private String name = "";
    private int depth;

    @Override
    public void beforeAll(ExtensionContext context) {
        if (depth++ == 0) {
            name = "it_" + context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT) + "_" + suffix;
            server().execute("CREATE DATABASE " + name);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--depth == 0) {
            server().execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    /** Returns the server that the database is on. */
    public TestServer server() {
        return TestServer.get();
    }

    /** Returns the name of the database. */
    public String name() {
        return name;
    }

    /** Starts a spec of a JDBC pool for this database, which logs in as superuser. */
    public PoolSpec.Builder spec() {
        return spec("hikari");
    }

    /** Starts a spec for this database, which logs in as superuser. */
    public PoolSpec.Builder spec(String provider) {
        return PoolSpec.builder(provider, name)
                .host(server().host())
                .port(server().port())
                .user(server().user())
                .password(Secret.of(server().password()));
    }

    /** Returns a new connection by the bare driver, through no pool; the caller closes it. */
    public Connection connect() throws SQLException {
        return server().connect(name);
    }

    /** Returns the server's own view on the connections to this database. */
    public Backends backends() {
        return new Backends(this);
    }

    /** Executes statements in this database, through no pool. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(name + ": " + sql, e);
        }
    }

    /** Returns the one value that the query finds, through no pool. */
    public String query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(name + ": " + sql, e);
        }
    }
}
