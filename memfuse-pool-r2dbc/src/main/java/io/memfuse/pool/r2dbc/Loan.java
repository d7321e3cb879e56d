package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolContext;
import io.r2dbc.spi.R2dbcException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
 * executions are counted from their subscription to their end: what was cancelled, as {@code Mono.from} does after the first
 * result, or failed, or is still under way, may have an answer outstanding. Then the server is asked for nothing first, which it
 * answers after all that came before.
 *
 * <p>INVARIANT: one word has how the loan stands and how many executions are under way, so that none begins once it has ended. One
 * that has begun may not have been sent yet; if it has not come to an end when everything else is cleaned, its connection is not
 * lent again.
 */
final class Loan extends Step {

    private static final Logger LOG = LoggerFactory.getLogger(Loan.class);

    private static final int OPEN = 0;
    private static final int CLEANING = 1;
    private static final int CLOSED = 2;
    private static final int STATE = 3;

    /** Somebody was told that it is lent, and is to be told that it is not any more. */
    private static final int TOLD = 4;

    /** Something has ended before its answer was complete, or is not counted. */
    private static final int UNANSWERED = 8;

    /** It was taken from its borrower. */
    private static final int TAKEN = 16;

    private static final int ONE_UNDER_WAY = 32;

    private static final VarHandle WORD;
    private static final VarHandle EXECUTED;
    private static final VarHandle END;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(Loan.class, "word", int.class);
            EXECUTED = lookup.findVarHandle(Loan.class, "executed", int.class);
            END = lookup.findVarHandle(Loan.class, "end", Sinks.Empty.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolCore pool;
    private final Member member;
    private final Session session;

    private volatile int word;

    @SuppressWarnings("UnusedVariable") // by EXECUTED
    private volatile int executed;

    /** What those wait for who close while it is cleaned. */
    private volatile Sinks.@Nullable Empty<Void> end;

    private volatile @Nullable Cleaning cleaning;

    /** When it was decided, until the borrower has it: the same for a drain, which reads it at any time. */
    private long lentAtNanos;

    // Handed over by the mailbox.
    private boolean kept;
    private long endedAtNanos;

    Loan(PoolCore pool, Member member, long nowNanos) {
        this.pool = pool;
        this.lentAtNanos = nowNanos;
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
        return (word & STATE) == OPEN;
    }

    /** Returns why nothing can be done with it any more. */
    R2dbcException over() {
        return (word & TAKEN) == 0 ? R2dbcExceptions.givenBack(pool.key()) : R2dbcExceptions.cutOff(pool.key());
    }

    /** Returns what became of it when it was taken away. */
    AbortedConnection aborted(long nowNanos) {
        return new AbortedConnection(session.name(), Duration.ofNanos(nowNanos - lentAtNanos));
    }

    /** The borrower gets it, having waited since. */
    void lent(long sinceNanos) {
        PoolContext context = pool.context();
        if (context.isListening()) {
            lentAtNanos = pool.nanoTime();
            if (change(TOLD)) {
                pool.lent();
                context.listener().acquired(context.key(), lentAtNanos - sinceNanos);
            }
        }
    }

    /** Remembers who has it. */
    void track(HolderLog holders, HolderLog.Borrower borrower) {
        holders.began(this, borrower);
        // INVARIANT: it is added and then the word is read; who ends the loan changes the word and then takes it out.
        // So one
        // of the two takes it out, if a drain comes in between.
        if (!isOpen()) {
            holders.ended(this);
        }
    }

    /** Adds to the word, if the loan has not ended. */
    private boolean change(int added) {
        int seen;
        do {
            seen = word;
            if ((seen & STATE) != OPEN) {
                return false;
            }
        } while (!WORD.compareAndSet(this, seen, seen + added));
        return true;
    }

    /** Something is about to be sent; false if it must not be, for the loan has ended. */
    boolean begin() {
        return change(ONE_UNDER_WAY);
    }

    /** What has begun is so many statements of the borrower's. */
    void executes(int statements) {
        EXECUTED.getAndAdd(this, statements);
    }

    /** Everything that was sent at one begin is answered. */
    void answered() {
        WORD.getAndAdd(this, -ONE_UNDER_WAY);
    }

    /** Nothing more is sent of what has begun, but not everything is answered. */
    void leftUnanswered() {
        int seen;
        do {
            seen = word;
        } while (!WORD.compareAndSet(this, seen, (seen | UNANSWERED) - ONE_UNDER_WAY));
    }

    /** The borrower has the driver's own objects, whose executions are not counted. */
    void unwrapped() {
        changes().anythingChanges();
        WORD.getAndBitwiseOr(this, UNANSWERED);
    }

    private static boolean isAnythingUnderWay(int word) {
        return word >= ONE_UNDER_WAY;
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
                if ((word & STATE) == CLOSED) {
                    Operators.complete(subscriber);
                } else {
                    Objects.requireNonNull(end).asMono().subscribe(subscriber);
                }
            }
        };
    }

    private void giveBack() {
        while (true) {
            int seen = word;
            if ((seen & STATE) != OPEN) {
                return;
            }
            boolean answered = (seen & UNANSWERED) == 0 && !isAnythingUnderWay(seen);
            if (answered && isUnchanged()) {
                if (WORD.compareAndSet(this, seen, seen + CLOSED)) {
                    finish(seen, true);
                    return;
                }
            } else {
                END.compareAndSet(this, (Sinks.Empty<Void>) null, Sinks.<Void>empty());
                if (WORD.compareAndSet(this, seen, seen + CLEANING)) {
                    clean(!answered);
                    return;
                }
            }
        }
    }

    private void clean(boolean unanswered) {
        try {
            Timed.start(
                    changes().undo(session, unanswered),
                    Cleaning.LIMIT,
                    pool.context(),
                    (done, failure) -> cleaned(failure));
        } catch (Throwable e) {
            // There may be no memory to begin with: it is the pool's loss, not that of the borrower who closes.
            Logs.warn(LOG, pool.key(), "a connection cannot be cleaned, and is cut off", e);
            close(CLEANING, false);
        }
    }

    private void cleaned(@Nullable Throwable failure) {
        if (close(CLEANING, failure == null) && failure != null) {
            LOG.debug("{}: {} is replaced, for it could not be cleaned", pool.key(), session.name(), failure);
        }
    }

    private boolean isUnchanged() {
        return cleaning == null && !session.inTransaction() && !Cleaning.isIsolationOff(session);
    }

    /** The borrower does not want it any more, and has not seen it. */
    void giveBackUnused() {
        close(OPEN, true);
    }

    /** Takes it away from the borrower and has it cut off; false if it has come back already. */
    boolean abort() {
        return close(OPEN, false, TAKEN) || close(CLEANING, false, 0);
    }

    private boolean close(int from, boolean clean) {
        return close(from, clean, 0);
    }

    private boolean close(int from, boolean clean, int mark) {
        int seen;
        do {
            seen = word;
            if ((seen & STATE) != from) {
                return false;
            }
        } while (!WORD.compareAndSet(this, seen, seen - from + CLOSED + mark));
        boolean unsent = clean && isAnythingUnderWay(seen);
        finish(seen, clean && !unsent);
        if (unsent) {
            LOG.debug(
                    "{}: {} is replaced, for something was begun on it that may not have been sent yet",
                    pool.key(),
                    session.name());
        }
        return true;
    }

    private void finish(int seen, boolean clean) {
        PoolContext context = pool.context();
        HolderLog holders = pool.holders();
        if (holders != null) {
            holders.ended(this);
        }
        if ((seen & TOLD) != 0) {
            // Before the next borrower is served.
            context.listener().released(context.key(), pool.nanoTime() - lentAtNanos);
        }
        kept = clean && session.isConnected();
        endedAtNanos = pool.nanoTime();
        pool.submit(this);
        Sinks.Empty<Void> awaited = end;
        if (awaited != null) {
            awaited.tryEmitEmpty();
        }
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
