package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts HikariCP while the first connection logs in, so that the one does not add to the time of the other. Used once, by
 * one thread, which is joined by one of the executor.
 */
final class Opening {

    private final HikariConfig config;
    private final Supply supply;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<RunningPool> started = new CompletableFuture<>();

    Opening(HikariConfig config, Supply supply) {
        this.config = config;
        this.supply = supply;
    }

    /** Returns the pool with its first connection in it. When it throws, it has left nothing behind but members. */
    RunningPool run(Executor executor) throws SQLException {
        try {
            executor.execute(this::start);
        } catch (RejectedExecutionException noThread) {
            // Then on this one, afterwards.
        }
        try {
            supply.connectFirst();
            // INVARIANT: waits for no place on the executor: what has not begun there is done here.
            start();
            RunningPool pool = started.join();
            adoptFirst(pool);
            return pool;
        } catch (CompletionException e) {
            supply.close();
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } catch (SQLException | RuntimeException | Error e) {
            supply.close();
            discard();
            throw e;
        }
    }

    private void start() {
        if (begun.compareAndSet(false, true)) {
            try {
                RunningPool pool = RunningPool.of(new HikariDataSource(config));
                supply.started(pool);
                // It begins to wait for the connection before that is there.
                pool.requestConnection();
                started.complete(pool);
            } catch (Throwable e) {
                started.completeExceptionally(e);
            }
        }
    }

    /** HikariCP takes a connection when somebody asks it for one, and not before. */
    private static void adoptFirst(RunningPool pool) throws SQLException {
        Connection connection = pool.hikari().getConnection();
        connection.close();
    }

    /** What has begun is over in a moment: it connects to nothing. */
    private void discard() {
        if (!begun.compareAndSet(false, true)) {
            started.handle((pool, failure) -> {
                        if (pool != null) {
                            pool.hikari().close();
                        }
                        return pool;
                    })
                    .join();
        }
    }
}
