package io.memfuse.it.docs;

import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.pool.SslSettings;
import io.memfuse.core.time.Deadline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** The skeleton of docs/write-your-own-provider.md, which {@code YourProviderIT} compares and runs. */
// snippet: provider
final class YourProvider implements PoolProvider<YourProvider.Yours> {

    /** What users work with. Its exception is the technology's own: here that of JDBC. */
    interface Yours {
        String query(String sql) throws SQLException;
    }

    @Override
    public String name() {
        return "yours";
    }

    @Override
    public Class<Yours> resourceType() {
        return Yours.class;
    }

    @Override
    public PoolHandle<Yours> open(PoolSpec spec, PoolContext context) throws Exception {
        Deadline deadline = Deadline.after(spec.limits().timeout(), context.ticker());
        if (!spec.ssl().equals(SslSettings.DEFAULTS)) {
            throw failure(context, FailureKind.MISCONFIGURED, "ssl_mode and ssl_root_cert are not supported", deadline);
        }
        var pool = new YourPool(spec, context);
        try {
            pool.connect(deadline).close(); // proves that the database can be used
        } catch (SQLException e) {
            throw failure(context, kind(e), "SQLState " + e.getSQLState(), deadline);
        }
        return pool;
    }

    private static PoolOpenException failure(PoolContext context, FailureKind kind, String reason, Deadline deadline) {
        return PoolOpenException.attemptFailed(context.key(), kind, reason, deadline.elapsed(), null);
    }

    /** What to do about it depends on it, so be as exact as your driver is. */
    private static FailureKind kind(SQLException failure) {
        return switch (Objects.requireNonNullElse(failure.getSQLState(), "")) {
            case "28P01", "28000" -> FailureKind.BAD_CREDENTIALS;
            case "3D000" -> FailureKind.UNKNOWN_DATABASE;
            case "08001", "08004" -> FailureKind.UNREACHABLE;
            default -> FailureKind.OTHER;
        };
    }

    @Override
    public Yours durable(PoolRoute<Yours> route) {
        return sql -> {
            while (true) {
                try {
                    return route.current().query(sql);
                } catch (PoolException noPool) {
                    throw new SQLException(noPool.getMessage(), noPool);
                } catch (SQLException failure) {
                    if (!(failure.getCause() instanceof PoolClosedException)) {
                        throw failure;
                    }
                    // That pool drains, and has left the route before: the next round finds another one.
                }
            }
        };
    }
}
// end

// snippet: pool
/** Bounds the connections that are in use, and keeps none: what is missing is a pool. */
final class YourPool implements PoolHandle<YourProvider.Yours> {

    private final PoolSpec spec;
    private final PoolContext context;
    private final Semaphore free;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final LongAdder loans = new LongAdder();
    private final CompletableFuture<DrainReport> closed = new CompletableFuture<>();

    YourPool(PoolSpec spec, PoolContext context) {
        this.spec = spec;
        this.context = context;
        context.loans().countedBy(loans::sum);
        this.free = new Semaphore(spec.limits().maxSize(), true);
    }

    /** Connects in a turn that the gate of the server gives. */
    Connection connect(Deadline deadline) throws Exception {
        CompletableFuture<ConnectGate.Turn> turn = context.gate().enter();
        try {
            turn.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            String url = "jdbc:postgresql://" + spec.endpoints().first() + "/" + spec.database();
            Connection connection = DriverManager.getConnection(
                    url, spec.user(), spec.password().reveal());
            context.listener().connected(context.key(), deadline.elapsed().toNanos());
            return connection;
        } finally {
            if (!turn.cancel(false)) {
                turn.join().close();
            }
        }
    }

    @Override
    public YourProvider.Yours resource() {
        return this::query;
    }

    private String query(String sql) throws SQLException {
        Deadline deadline = Deadline.after(spec.limits().timeout(), context.ticker());
        try {
            acquire(deadline);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try (Connection connection = connect(deadline);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException e) {
            throw e;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (Exception e) {
            throw new SQLException("no connection: " + e, e);
        } finally {
            free.release();
        }
    }

    private void acquire(Deadline deadline) throws SQLException, InterruptedException {
        boolean acquired = !closing.get() && free.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        if (closing.get()) {
            if (acquired) {
                free.release();
            }
            throw refused(PoolClosedException.drained(context.key()));
        }
        if (!acquired) {
            context.listener().timedOut(context.key(), deadline.elapsed().toNanos());
            throw refused(PoolTimeoutException.exhausted(context.key(), deadline.elapsed(), stats(), null));
        }
        loans.increment();
        context.listener().acquired(context.key(), deadline.elapsed().toNanos());
    }

    private static SQLException interrupted(InterruptedException why) {
        Thread.currentThread().interrupt();
        return new SQLException("interrupted while it waited for a connection", why);
    }

    private static SQLException refused(PoolException why) {
        return new SQLException(why.getMessage(), why);
    }

    @Override
    public PoolStats stats() {
        int max = spec.limits().maxSize();
        int active = max - free.availablePermits();
        return new PoolStats(
                active, active, 0, free.getQueueLength(), spec.limits().minSize(), max);
    }

    @Override
    public void warmUp(Duration timeout) {
        // Yours fills to min_size.
    }

    @Override
    public void resize(int minSize, int maxSize) {
        // Yours takes the new sizes, and closes what is idle beyond them.
    }

    @Override
    public void setTimeout(Duration timeout) {
        // Yours lets whoever asks from now on wait for so long.
    }

    @Override
    public void evictIdle() {
        // Yours closes what is idle beyond min_size.
    }

    @Override
    public void softEvict() {
        // Yours replaces every connection.
    }

    @Override
    public DrainReport close(Duration drainTimeout) {
        if (closing.compareAndSet(false, true)) {
            Deadline deadline = Deadline.after(drainTimeout, context.ticker());
            try {
                // Yours cuts off what is still in use by then, and reports it.
                var unused = free.tryAcquire(spec.limits().maxSize(), deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            closed.complete(new DrainReport(context.key(), List.of(), deadline.elapsed()));
        }
        return closed.join();
    }
}
// end
