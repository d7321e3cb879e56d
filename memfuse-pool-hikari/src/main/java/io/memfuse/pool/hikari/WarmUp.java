package io.memfuse.pool.hikari;

import com.zaxxer.hikari.pool.HikariPool;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.time.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fills a pool once: makes the missing connections side by side and has HikariCP adopt them, which by itself makes one after
 * the other with pauses between. One object for one round; used by one thread, which is joined by those of the executor.
 */
final class WarmUp {

    private final PoolContext context;
    private final ConnectionSource source;
    private final HikariPool pool;
    private final int target;

    private final Queue<PhysicalConnection> adopted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicReference<@Nullable PoolOpenException> failure = new AtomicReference<>();
    private volatile boolean over;

    /** @param target the number of connections that the pool is to have */
    WarmUp(PoolContext context, ConnectionSource source, HikariPool pool, int target) {
        this.context = context;
        this.source = source;
        this.pool = pool;
        this.target = target;
    }

    /**
     * Fills the pool and waits until HikariCP counts the connections.
     *
     * @return false if there are fewer after {@code timeout}
     * @throws PoolOpenException if a connection cannot be established
     */
    boolean fill(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, context.ticker());
        try {
            int missing = target - pool.getTotalConnections();
            underWay.set(Math.max(0, missing));
            for (int i = 0; i < missing; i++) {
                context.executor().execute(this::connectOne);
            }
            Patience.await(this::isSettled, deadline);
        } finally {
            end();
        }
        if (isFilled()) {
            return true;
        }
        PoolOpenException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return false;
    }

    private boolean isFilled() {
        return pool.getTotalConnections() >= target;
    }

    private boolean isSettled() {
        if (isFilled()) {
            return true;
        }
        if (source.hasReady()) {
            requestAdoption();
        }
        return underWay.get() == 0 && failure.get() != null && !source.hasReady();
    }

    /** HikariCP takes a connection for each request to add one; requests beyond its queue it drops. */
    private void requestAdoption() {
        pool.addBagItem(Integer.MAX_VALUE);
    }

    private void connectOne() {
        try {
            if (over) {
                return;
            }
            PhysicalConnection connection = source.connect();
            if (connection != null) {
                adopted.add(connection);
                source.adopt(connection);
                requestAdoption();
                // INVARIANT: here a connection is laid ready and then `over` read; the end sets `over` and then
                // closes what lies ready. Whichever comes first, one of the two closes what HikariCP has not taken.
                if (over) {
                    closeUntaken(connection);
                }
            }
        } catch (SQLException | RuntimeException | LinkageError e) {
            failure.compareAndSet(null, Objects.requireNonNullElseGet(source.lastFailure(), () -> unknown(e)));
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Another thread connected meanwhile, and the source no longer knows of the failure. */
    private PoolOpenException unknown(Throwable e) {
        return ConnectFailures.toPoolException(context.key(), e, Duration.ZERO);
    }

    private void end() {
        over = true;
        adopted.forEach(this::closeUntaken);
    }

    private void closeUntaken(PhysicalConnection connection) {
        if (source.disown(connection)) {
            connection.closeQuietly();
        }
    }
}
