package io.memfuse.bench.peer;

import io.memfuse.bench.stub.StubDataSource;
import io.memfuse.cli.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a pool's connections go: to a database of the embedded server, or nowhere. Immutable.
 *
 * @param port the server's port; 0 for a stub
 * @param name the database
 */
public record Database(int port, String name) {

    /** The address of the embedded server, as every candidate is given it. */
    public static final String HOST = "127.0.0.1";

    /** Returns a database without a server. */
    public static Database stub() {
        return new Database(0, "stub");
    }

    boolean isStub() {
        return port == 0;
    }

    String url() {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + name;
    }

    /** Returns the bare driver: each connection is a new one. */
    public DataSource driver() {
        if (isStub()) {
            return new StubDataSource();
        }
        var driver = new PGSimpleDataSource();
        driver.setServerNames(new String[] {HOST});
        driver.setPortNumbers(new int[] {port});
        driver.setDatabaseName(name);
        driver.setUser(EmbeddedPostgres.USER);
        driver.setPassword(EmbeddedPostgres.PASSWORD);
        return driver;
    }

    /** Returns a new connection by the bare driver. */
    public Connection connect() throws SQLException {
        return driver().getConnection();
    }
}
