package io.memfuse.bench.filling;

import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Looks how many wait whenever HikariCP asks for a connection, and makes as many at once, without waiting for a first to
 * succeed.
 */
final class SideBySide implements Supplied {

    private static final long LOOK_AGAIN_MILLIS = 1;

    private final DataSource driver;
    private final int min;
    private final int max;
    private final ExecutorService executor;
    private final BlockingQueue<Connection> ready = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final CompletableFuture<HikariPool> pool = new CompletableFuture<>();

    SideBySide(DataSource driver, int min, int max, ExecutorService executor) {
        this.driver = driver;
        this.min = min;
        this.max = max;
        this.executor = executor;
    }

    void started(HikariPool running) {
        pool.complete(running);
    }

    @Override
    public Connection get() throws SQLException {
        if (!pool.isDone()) {
            return driver.getConnection();
        }
        try {
            Connection connection = ready.poll();
            while (connection == null) {
                order(pool.join());
                connection = ready.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
            Adders.skipPause();
            return connection;
        } catch (InterruptedException e) {
            throw new SQLException("interrupted", e);
        }
    }

    private void order(HikariPool running) {
        int total = running.getTotalConnections();
        int wanted = Math.min(Math.max(running.getThreadsAwaitingConnection(), min - total), max - total);
        for (int i = underWay.get() + ready.size(); i < Math.max(1, wanted); i++) {
            underWay.incrementAndGet();
            executor.execute(() -> make(running));
        }
    }

    private void make(HikariPool running) {
        try {
            ready.add(driver.getConnection());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            underWay.decrementAndGet();
        }
        running.addBagItem(Integer.MAX_VALUE);
    }
}
