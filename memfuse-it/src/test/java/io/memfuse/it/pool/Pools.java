package io.memfuse.it.pool;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import io.memfuse.pool.hikari.HikariPoolProvider;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens pools as the registry does, and closes after each test those that it left open. */
final class Pools implements AfterEachCallback, AfterAllCallback {

    /** Small and quick, for tests of something else. */
    static final PoolLimits LIMITS = PoolLimits.DEFAULTS.withSizes(1, 4).withTimeout(Duration.ofSeconds(10));

    private final HikariPoolProvider provider = new HikariPoolProvider();
    private final EngineThreads threads = EngineThreads.create();
    private final Queue<PoolHandle<DataSource>> opened = new ConcurrentLinkedQueue<>();

    PoolHandle<DataSource> open(PoolSpec.Builder spec) {
        return open(spec, PoolListener.NONE);
    }

    PoolHandle<DataSource> open(PoolSpec.Builder spec, PoolListener listener) {
        PoolSpec built = spec.build();
        PoolKey<DataSource> key = PoolKey.of(built, DataSource.class);
        PoolHandle<DataSource> pool = provider.open(
                built, new PoolContext(key, listener, threads.scheduler(), threads.openers(), Ticker.system()));
        opened.add(pool);
        return pool;
    }

    /** Opens a pool and fills it to its minimum. */
    PoolHandle<DataSource> openWarm(PoolSpec.Builder spec) throws InterruptedException {
        PoolHandle<DataSource> pool = open(spec);
        pool.warmUp(Duration.ofSeconds(10));
        return pool;
    }

    EngineThreads threads() {
        return threads;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeAll();
    }

    /** Closes those that are open. */
    void closeAll() {
        for (PoolHandle<DataSource> pool = opened.poll(); pool != null; pool = opened.poll()) {
            pool.close(Duration.ZERO);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            threads.close();
        }
    }

    /** Borrows a connection, and returns the process on the server that serves it. */
    static int pid(PoolHandle<DataSource> pool) throws SQLException {
        try (Connection connection = pool.resource().getConnection()) {
            return pid(connection);
        }
    }

    static int pid(Connection connection) throws SQLException {
        return Integer.parseInt(query(connection, "SELECT pg_backend_pid()"));
    }

    /** Returns the one value that the query finds. */
    static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
