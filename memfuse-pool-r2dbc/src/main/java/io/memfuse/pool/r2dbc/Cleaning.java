package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.IsolationLevel;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * What a borrower changed on a connection, and how it is undone when the connection is given back. A borrower that changed
 * nothing costs nothing. Used as a connection is: by one after the other.
 *
 * <p>An isolation level is undone by setting the one that the session started with, and not the one that the driver had when it
 * was changed: the driver's is that of a transaction while there is one, and stays so if the transaction is ended by SQL. The two
 * time-outs are undone by the server, which knows what the session started with.
 */
final class Cleaning {

    /** For a round trip or four; and for a statement that the borrower abandoned to end by itself. */
    static final Duration LIMIT = Duration.ofSeconds(2);

    private boolean isolationChanged;
    private boolean lockTimeoutChanged;
    private boolean statementTimeoutChanged;

    void isolationChanges() {
        isolationChanged = true;
    }

    void lockTimeoutChanges() {
        lockTimeoutChanged = true;
    }

    void statementTimeoutChanges() {
        statementTimeoutChanged = true;
    }

    /** The borrower has the driver's own connection, on which nothing is seen of what changes. */
    void anythingChanges() {
        isolationChanged = true;
        lockTimeoutChanged = true;
        statementTimeoutChanged = true;
    }

    /** Tells whether a session is at another isolation level than at its login, by the driver's account. */
    static boolean isIsolationOff(Session session) {
        return !session.isolationAtLogin().equals(session.connection().getTransactionIsolationLevel());
    }

    /**
     * Undoes everything; a transaction first, in which the rest would be refused or undone itself. Whether there is one is known
     * once everything is answered that was sent: {@code ROLLBACK} without one would be a warning in the server's log.
     *
     * @param unanswered whether something may not be answered yet
     */
    Mono<Void> undo(Session session, boolean unanswered) {
        Mono<Void> work = unanswered ? session.sync() : Mono.empty();
        work = work.then(Mono.defer(() -> session.inTransaction() ? session.rollback() : Mono.empty()))
                .then(Mono.defer(() -> isolationChanged || isIsolationOff(session) ? restore(session) : Mono.empty()));
        if (lockTimeoutChanged) {
            work = work.then(session.reset("lock_timeout"));
        }
        if (statementTimeoutChanged) {
            work = work.then(session.reset("statement_timeout"));
        }
        return work;
    }

    private static Mono<Void> restore(Session session) {
        IsolationLevel atLogin = session.isolationAtLogin();
        return Mono.from(session.connection().setTransactionIsolationLevel(atLogin));
    }
}
