package io.memfuse.cli.compare;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.TargetSessionAttrs;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the first implementation did, and what is written by hand to this day: a map of pools behind one lock, under which a
 * pool is looked up, made if it is missing, and checked by a {@code SELECT 1}. Thread-safe.
 */
final class GlobalLock implements Contender {

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@code lock}. */
    private final Map<String, HikariDataSource> pools = new HashMap<>();

    private final PoolSpec requests;
    private final PoolSpec other;
    private final PoolSpec dead;

    GlobalLock(PoolSpec requests, PoolSpec other, PoolSpec dead) {
        this.requests = requests;
        this.other = other;
        this.dead = dead;
    }

    private HikariDataSource pool(PoolSpec spec) throws SQLException {
        lock.lock();
        try {
            HikariDataSource pool = pools.computeIfAbsent(urlOf(spec), url -> open(spec, url));
            check(pool);
            return pool;
        } finally {
            lock.unlock();
        }
    }

    private static void check(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    private static String urlOf(PoolSpec spec) {
        String url = "jdbc:postgresql://" + spec.endpoints() + "/" + spec.database();
        return spec.endpoints().target() == TargetSessionAttrs.READ_WRITE ? url + "?targetServerType=primary" : url;
    }

    private static HikariDataSource open(PoolSpec spec, String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(spec.user());
        config.setPassword(spec.password().reveal());
        config.setMinimumIdle(spec.limits().minSize());
        config.setMaximumPoolSize(spec.limits().maxSize());
        config.setConnectionTimeout(spec.limits().timeout().toMillis());
        config.setValidationTimeout(spec.limits().timeout().toMillis());
        // Without this a server that accepts and never answers would hold the lock for ever.
        long seconds = Math.max(1, spec.limits().timeout().toSeconds());
        config.addDataSourceProperty("loginTimeout", Long.toString(seconds));
        return new HikariDataSource(config);
    }

    @Override
    public void find() throws SQLException {
        pool(requests);
    }

    @Override
    public Connection connection() throws SQLException {
        return pool(requests).getConnection();
    }

    @Override
    public void closeOther() {
        lock.lock();
        try {
            HikariDataSource open = pools.remove(urlOf(other));
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void openOther() throws SQLException {
        pool(other);
    }

    @Override
    public void askDead() {
        try {
            pool(dead);
        } catch (SQLException | RuntimeException refused) {
            // As was to be expected.
        }
    }

    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
    }
}
