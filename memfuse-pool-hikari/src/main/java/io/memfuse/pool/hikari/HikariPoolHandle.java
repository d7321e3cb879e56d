package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
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
import javax.sql.DataSource;

/** One open pool. Thread-safe. */
final class HikariPoolHandle implements PoolHandle<DataSource> {

    private final PoolContext context;
    private final PoolLimits limits;
    private final RunningPool pool;
    private final Connector connector;
    private final Supply supply;
    private final PoolMembers members;
    private final PoolThreads threads;
    private final PooledDataSource resource;

    /** HikariCP reads it once, when it starts. */
    private final Duration checkTimeout;

    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

    HikariPoolHandle(
            PoolContext context,
            PoolLimits limits,
            RunningPool pool,
            Connector connector,
            Supply supply,
            PoolMembers members,
            PoolThreads threads) {
        this.context = context;
        this.limits = limits;
        this.pool = pool;
        this.connector = connector;
        this.supply = supply;
        this.members = members;
        this.resource = new PooledDataSource(context, pool, connector);
        this.checkTimeout = HikariSettings.checkTimeout(limits);
        this.threads = threads;
    }

    @Override
    public DataSource resource() {
        return resource;
    }

    @Override
    public PoolStats stats() {
        return pool.look();
    }

    @Override
    public void warmUp(Duration timeout) throws InterruptedException {
        Deadline started = Deadline.after(timeout, context.ticker());
        boolean filled = new WarmUp(context, connector, supply, pool).fill(timeout);
        if (resource.isDraining()) {
            throw PoolClosedException.drained(context.key());
        }
        if (!filled) {
            throw PoolTimeoutException.notWarm(context.key(), started.elapsed(), stats(), connector.lastFailure());
        }
    }

    @Override
    public void resize(int minSize, int maxSize) {
        PoolLimits resized = limits.withSizes(minSize, maxSize);
        if (resource.isDraining()) {
            return;
        }
        HikariDataSource hikari = pool.hikari();
        hikari.setMinimumIdle(0);
        members.limit(resized.maxSize());
        hikari.setMaximumPoolSize(resized.maxSize());
        hikari.setMinimumIdle(resized.minSize());
        hikari.setIdleTimeout(HikariSettings.idleTimeoutMillis(resized));
        closeIdle(pool.total() - resized.maxSize());
    }

    @Override
    public void setTimeout(Duration timeout) {
        HikariSettings.check(limits.withTimeout(timeout));
        if (timeout.compareTo(checkTimeout) < 0) {
            throw new IllegalArgumentException("timeout is " + timeout + ", and this pool may take " + checkTimeout
                    + " to check a connection before it is lent");
        }
        connector.setTimeout(timeout);
    }

    @Override
    public void probe(Duration timeout) throws InterruptedException {
        connector.probe().run(timeout);
    }

    @Override
    public void evictIdle() {
        supply.clear();
        closeIdle(pool.idle() - pool.minSize());
    }

    /** HikariCP closes all that is idle or nothing; so they are borrowed one by one, and evicted by their borrower. */
    private void closeIdle(int count) {
        for (int i = 0; i < count && pool.idle() > 0; i++) {
            try {
                Connection idle = pool.borrow(1);
                pool.sentAway();
                pool.hikari().evictConnection(idle);
            } catch (SQLException gone) {
                // Borrowed by somebody else meanwhile: no longer idle.
                return;
            }
        }
    }

    @Override
    public void softEvict() {
        supply.clear();
        pool.pool().softEvictConnections();
    }

    @Override
    public DrainReport close(Duration drainTimeout) {
        if (resource.drain()) {
            run(drainTimeout);
        }
        // INVARIANT: the first caller completes it whatever happens, and each of its waits has a deadline.
        return report.join();
    }

    private void run(Duration drainTimeout) {
        try {
            var drain = new PoolDrain(context, pool, connector, supply, members, threads);
            report.complete(drain.run(drainTimeout));
        } catch (RuntimeException | Error e) {
            report.completeExceptionally(e);
            throw e;
        }
    }
}
