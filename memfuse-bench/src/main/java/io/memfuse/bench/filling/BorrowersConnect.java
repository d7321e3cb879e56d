package io.memfuse.bench.filling;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Each borrower looks whether anything is idle, and if not makes a connection on his own thread for HikariCP to adopt. */
final class BorrowersConnect {

    private final DataSource driver;
    private final int max;
    private final BlockingQueue<Connection> ready = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();

    BorrowersConnect(DataSource driver, int max) {
        this.driver = driver;
        this.max = max;
    }

    /** For HikariCP. */
    Connection next() throws SQLException {
        try {
            Connection connection = underWay.get() == 0 ? ready.poll() : ready.poll(1, TimeUnit.SECONDS);
            Adders.skipPause();
            return connection == null ? driver.getConnection() : connection;
        } catch (InterruptedException e) {
            throw new SQLException("interrupted", e);
        }
    }

    Connection borrow(HikariDataSource pool) throws SQLException {
        var internals = (HikariPool) pool.getHikariPoolMXBean();
        if (internals.getIdleConnections() == 0) {
            try {
                if (underWay.incrementAndGet() + ready.size() + internals.getTotalConnections() <= max) {
                    ready.add(driver.getConnection());
                }
            } finally {
                underWay.decrementAndGet();
            }
            internals.addBagItem(Integer.MAX_VALUE);
        }
        return pool.getConnection();
    }
}
