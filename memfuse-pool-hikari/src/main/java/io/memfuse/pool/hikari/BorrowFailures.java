package io.memfuse.pool.hikari;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says to a borrower of one pool why he gets no connection: how long he waited, as far as that is known, and what the pool looked
 * like. Immutable and thread-safe.
 */
final class BorrowFailures {

    private final PoolContext context;
    private final RunningPool pool;
    private final Connector connector;

    BorrowFailures(PoolContext context, RunningPool pool, Connector connector) {
        this.context = context;
        this.pool = pool;
        this.connector = connector;
    }

    /** The pool drains. */
    SQLException drained(Duration waited) {
        return SqlExceptions.of(PoolClosedException.drained(context.key(), waited, pool.stats()));
    }

    /** His thread was interrupted. */
    SQLException interrupted(Duration waited, InterruptedException cause) {
        return SqlExceptions.of(new PoolInterruptedException(context.key(), waited, pool.stats(), cause));
    }

    /** The pool is in an outage; null if that is over. */
    @Nullable SQLException refused(Duration waited) {
        PoolOpenException failure = connector.outage().refusal(waited);
        if (failure == null) {
            return null;
        }
        context.listener().refused(context.key(), failure);
        return SqlExceptions.of(failure);
    }

    private List<ConnectionHolder> holders() {
        HolderLog known = connector.holders();
        return known == null ? List.of() : known.holders();
    }

    /** His time is up: because no connection could be made, if an attempt failed or is not answered, else as none came back. */
    SQLException timedOut(Duration waited, SQLException cause) {
        PoolOpenException failure = connector.lastFailure();
        if (failure == null && pool.total() < pool.maxSize()) {
            failure = connector.unfinishedFor(waited);
        }
        return SqlExceptions.of(
                failure != null
                        ? failure.forWaiter(waited, pool.stats())
                        : PoolTimeoutException.exhausted(context.key(), waited, pool.stats(), holders(), cause));
    }
}
