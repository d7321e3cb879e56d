package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.memfuse.core.pool.PoolStats;

/**
 * HikariCP at work. The cast to its public class {@code HikariPool} is for {@code addBagItem}, which is public too but not
 * meant for users, and for borrowing with a time of one's own. Thread-safe.
 *
 * @param hikari what lends
 * @param pool what is inside
 */
record RunningPool(HikariDataSource hikari, HikariPool pool) {

    static RunningPool of(HikariDataSource hikari) {
        return new RunningPool(hikari, (HikariPool) hikari.getHikariPoolMXBean());
    }

    PoolStats stats() {
        return new PoolStats(total(), active(), idle(), waiting(), minSize(), maxSize());
    }

    int total() {
        return pool.getTotalConnections();
    }

    int active() {
        return pool.getActiveConnections();
    }

    int idle() {
        return pool.getIdleConnections();
    }

    int waiting() {
        return pool.getThreadsAwaitingConnection();
    }

    int minSize() {
        return hikari.getMinimumIdle();
    }

    int maxSize() {
        return hikari.getMaximumPoolSize();
    }

    /** HikariCP adds a connection for each request, if it needs one; requests beyond its queue it drops. */
    void requestConnection() {
        pool.addBagItem(Integer.MAX_VALUE);
    }
}
