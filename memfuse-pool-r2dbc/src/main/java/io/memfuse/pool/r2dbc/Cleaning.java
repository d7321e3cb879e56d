package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.IsolationLevel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a borrower changed on a connection, and how it is undone when the connection is given back. A borrower that changed
 * nothing costs nothing. Used as a connection is: by one after the other.
 *
 * <p>How an isolation level is undone: by setting the one that was there. The two time-outs: by the server, which knows what the
 * session started with.
 */
final class Cleaning {

    /** For a round trip or four; and for a statement that the borrower abandoned to end by itself. */
    static final Duration LIMIT = Duration.ofSeconds(2);

    private @Nullable IsolationLevel isolation;
    private boolean lockTimeoutChanged;
    private boolean statementTimeoutChanged;

    /** The isolation level is about to be changed for the first time from this one, or once more. */
    void isolationChanges(IsolationLevel from) {
        if (isolation == null) {
            isolation = from;
        }
    }

    void lockTimeoutChanges() {
        lockTimeoutChanged = true;
    }

    void statementTimeoutChanges() {
        statementTimeoutChanged = true;
    }

    /** Tells whether there is nothing to undo beyond a transaction. */
    boolean isEmpty() {
        return isolation == null && !lockTimeoutChanged && !statementTimeoutChanged;
    }

    /** Undoes everything; a transaction first, in which the rest would be refused or undone itself. */
    Mono<Void> undo(Session session) {
        Mono<Void> work = session.rollback();
        IsolationLevel before = isolation;
        if (before != null) {
            work = work.then(Mono.defer(() -> Mono.from(session.connection().setTransactionIsolationLevel(before))));
        }
        if (lockTimeoutChanged) {
            work = work.then(session.reset("lock_timeout"));
        }
        if (statementTimeoutChanged) {
            work = work.then(session.reset("statement_timeout"));
        }
        return work;
    }
}
