package io.memfuse.bench.stub;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A driver without a server: each connection costs nothing but itself. Thread-safe; a bean for pools. */
public final class StubDataSource implements DataSource {

    private final AtomicInteger connected = new AtomicInteger();

    /** Makes a driver. */
    public StubDataSource() {}

    /** Returns how many connections it has made. */
    public int connected() {
        return connected.get();
    }

    @Override
    public Connection getConnection() {
        connected.incrementAndGet();
        return new StubConnection();
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("a stub does not log");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (!isWrapperFor(type)) {
            throw new SQLException("not a wrapper for " + type.getName());
        }
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
