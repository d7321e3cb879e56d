package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/**
 * A connection in the hands of one borrower: counts what is executed on it, cleans it when it is given back, and is the step by
 * which it comes back. It ends once, whoever ends it: the borrower, twice perhaps, or a drain that cuts it off. Thread-safe as
 * far as its end is concerned; else as a connection is.
 *
 * <p>Whether a transaction is open is known without a question to the server once everything that was sent is answered. So
 * executions are counted from their subscription to their completion: what was cancelled, as {@code Mono.from} does after the
 * first result, or failed, or is still under way, may have an answer outstanding. Then the server is asked to roll back in any
 * case, which it does after all that came before.
 */
final class Loan extends Step {

    private static final int OPEN = 0;
    private static final int CLEANING = 1;
    private static final int CLOSED = 2;

    private static final VarHandle STATE;
    private static final VarHandle OUTSTANDING;
    private static final VarHandle EXECUTED;
    private static final VarHandle END;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Loan.class, "state", int.class);
            OUTSTANDING = lookup.findVarHandle(Loan.class, "outstanding", int.class);
            EXECUTED = lookup.findVarHandle(Loan.class, "executed", int.class);
            END = lookup.findVarHandle(Loan.class, "end", Sinks.Empty.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolCore pool;
    private final Member member;
    private final Session session;

    private volatile int state;
    private volatile int outstanding;

    @SuppressWarnings("UnusedVariable") // by EXECUTED
    private volatile int executed;

    /** What those wait for who close while it is cleaned. */
    private volatile Sinks.@Nullable Empty<Void> end;

    private volatile @Nullable Cleaning cleaning;
    private long lentAtNanos;

    // Handed over by the mailbox.
    private boolean kept;
    private long endedAtNanos;

    Loan(PoolCore pool, Member member) {
        this.pool = pool;
        this.member = member;
        this.session = member.session();
    }

    Session session() {
        return session;
    }

    Member member() {
        return member;
    }

    boolean isConnected() {
        return session.isConnected();
    }

    boolean isOpen() {
        return state == OPEN;
    }

    /** The borrower gets it, having waited since. */
    void lent(long sinceNanos) {
        PoolContext context = pool.context();
        if (context.isListening()) {
            lentAtNanos = pool.nanoTime();
            context.listener().acquired(context.key(), lentAtNanos - sinceNanos);
        }
    }

    /** Statements are sent. */
    void begin(int statements) {
        OUTSTANDING.getAndAdd(this, 1);
        EXECUTED.getAndAdd(this, statements);
    }

    /** Something is sent that is no statement of the borrower's. */
    void begin() {
        OUTSTANDING.getAndAdd(this, 1);
    }

    /** Everything that was sent at one begin is answered. */
    void answered() {
        OUTSTANDING.getAndAdd(this, -1);
    }

    /** Returns where to note what is changed. */
    Cleaning changes() {
        Cleaning noted = cleaning;
        if (noted == null) {
            noted = new Cleaning();
            cleaning = noted;
        }
        return noted;
    }

    /** Gives it back when it is subscribed to, and completes when that is done; not undone by cancelling. */
    Mono<Void> close() {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                giveBack();
                if (state == CLOSED) {
                    Operators.complete(subscriber);
                } else {
                    Objects.requireNonNull(end).asMono().subscribe(subscriber);
                }
            }
        };
    }

    private void giveBack() {
        if (state != OPEN) {
            return;
        }
        if (isClean()) {
            finish(OPEN, true);
            return;
        }
        END.compareAndSet(this, (Sinks.Empty<Void>) null, Sinks.<Void>empty());
        if (STATE.compareAndSet(this, OPEN, CLEANING)) {
            Timed.start(
                    changes().undo(session),
                    Cleaning.LIMIT,
                    pool.context(),
                    (done, failure) -> finish(CLEANING, failure == null));
        }
    }

    private boolean isClean() {
        return outstanding == 0 && cleaning == null && !session.inTransaction();
    }

    /** The borrower does not want it any more, and has not seen it. */
    void giveBackUnused() {
        if (STATE.compareAndSet(this, OPEN, CLOSED)) {
            comeBack(true);
        }
    }

    /** Takes it away from the borrower and has it cut off; false if it has come back already. */
    boolean abort() {
        return finish(OPEN, false) || finish(CLEANING, false);
    }

    private boolean finish(int from, boolean clean) {
        if (!STATE.compareAndSet(this, from, CLOSED)) {
            return false;
        }
        PoolContext context = pool.context();
        if (context.isListening()) {
            // Before the next borrower is served.
            context.listener().released(context.key(), pool.nanoTime() - lentAtNanos);
        }
        comeBack(clean);
        Sinks.Empty<Void> awaited = end;
        if (awaited != null) {
            awaited.tryEmitEmpty();
        }
        return true;
    }

    private void comeBack(boolean clean) {
        kept = clean && session.isConnected();
        endedAtNanos = pool.nanoTime();
        pool.submit(this);
    }

    @Override
    void decide() {
        member.executed += (int) EXECUTED.getAcquire(this);
        pool.cameBack(this);
    }

    /** Tells whether the connection may be lent again, as far as the borrower is concerned. */
    boolean isKept() {
        return kept;
    }

    long endedAtNanos() {
        return endedAtNanos;
    }
}
