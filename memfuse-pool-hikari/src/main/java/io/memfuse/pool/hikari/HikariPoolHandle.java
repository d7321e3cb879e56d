package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** One open pool. Thread-safe. */
final class HikariPoolHandle implements PoolHandle<DataSource> {

    private final PoolContext context;
    private final PoolLimits limits;
    private final HikariDataSource hikari;
    private final HikariPool pool;
    private final ConnectionSource source;
    private final PooledDataSource resource;
    private final PoolDrain drain;

    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

    HikariPoolHandle(
            PoolContext context,
            PoolLimits limits,
            HikariDataSource hikari,
            HikariPool pool,
            ConnectionSource source,
            PoolMembers members,
            PoolThreads threads,
            GuardedListener listener) {
        this.context = context;
        this.limits = limits;
        this.hikari = hikari;
        this.pool = pool;
        this.source = source;
        this.resource = new PooledDataSource(
                context.key(), hikari, source, listener, context.ticker(), limits.timeout(), this::stats);
        this.drain = new PoolDrain(context, hikari, pool, source, members, threads);
    }

    @Override
    public DataSource resource() {
        return resource;
    }

    @Override
    public PoolStats stats() {
        return new PoolStats(
                pool.getTotalConnections(),
                pool.getActiveConnections(),
                pool.getIdleConnections(),
                pool.getThreadsAwaitingConnection(),
                hikari.getMinimumIdle(),
                hikari.getMaximumPoolSize());
    }

    @Override
    public void warmUp(Duration timeout) throws InterruptedException {
        Deadline started = Deadline.after(timeout, context.ticker());
        boolean filled = new WarmUp(context, source, pool, hikari.getMinimumIdle()).fill(timeout);
        if (resource.isDraining()) {
            throw PoolClosedException.drained(context.key());
        }
        if (!filled) {
            throw PoolTimeoutException.notWarm(context.key(), started.elapsed(), stats(), source.lastFailure());
        }
    }

    @Override
    public void resize(int minSize, int maxSize) {
        PoolLimits resized = limits.withSizes(minSize, maxSize);
        if (resource.isDraining()) {
            return;
        }
        hikari.setMinimumIdle(0);
        hikari.setMaximumPoolSize(resized.maxSize());
        hikari.setMinimumIdle(resized.minSize());
        hikari.setIdleTimeout(HikariSettings.idleTimeoutMillis(
                resized.maxInactiveConnectionLifetime(), resized.minSize(), resized.maxSize()));
        closeIdle(pool.getTotalConnections() - resized.maxSize());
    }

    @Override
    public void evictIdle() {
        closeIdle(pool.getIdleConnections() - hikari.getMinimumIdle());
    }

    /** HikariCP closes all that is idle or nothing; so they are borrowed one by one, and evicted by their borrower. */
    private void closeIdle(int count) {
        for (int i = 0; i < count && pool.getIdleConnections() > 0; i++) {
            try {
                Connection idle = pool.getConnection(1);
                hikari.evictConnection(idle);
            } catch (SQLException gone) {
                // Borrowed by somebody else meanwhile: no longer idle.
                return;
            }
        }
    }

    @Override
    public void softEvict() {
        pool.softEvictConnections();
    }

    @Override
    public DrainReport close(Duration drainTimeout) {
        if (closing.compareAndSet(false, true)) {
            resource.drain();
            report.complete(drain.run(drainTimeout));
        }
        return report.join();
    }
}
