package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says of a connection whether it is lent, since when, and how often it was. The words that say it have cache lines of their
 * own: each borrower writes them, and next to what another thread writes, which is where a collector may move them, borrowing
 * took half as long again to twice as long. Thread-safe.
 */
final class LoanMark extends CacheLine {

    /** No loan. */
    static final long NONE = 0;

    /** A loan whose beginning was not read off the clock. */
    static final long UNTIMED = PoolContext.UNTIMED;

    private static final VarHandle WORD;
    private static final VarHandle LOANS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(LoanMark.class, "word", long.class);
            LOANS = lookup.findVarHandle(LoanMark.class, "loans", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // INVARIANT: the word is NONE unless lent; who brings it back to NONE has to report and clean. So each loan ends
    // once, though the borrower's return, an eviction and the abort at a drain's deadline may meet.
    private volatile long word;

    /** Written by the borrower to whom it is lent; HikariCP's hand-over orders one before the next. */
    private long loans;

    // A line after them, with one long of theirs; what comes before them is a line of CacheLine's.
    long after2;
    long after3;
    long after4;
    long after5;
    long after6;
    long after7;

    /**
     * It is lent since then, or since the nanosecond before: an odd number, and so never {@link #NONE}. {@link #UNTIMED} is
     * itself; a clock that reads just that makes one loan untimed.
     */
    void begin(long nowNanos) {
        LOANS.setOpaque(this, loans + 1);
        WORD.setRelease(this, (nowNanos - 1) | 1);
    }

    /** Returns how often it was lent, up to a loan that is over or known to have begun. */
    long loans() {
        long unused = word; // After this, what came before its writing is seen.
        return (long) LOANS.getOpaque(this);
    }

    /** Returns since when it is lent, or {@link #NONE}. */
    long sinceNanos() {
        return word;
    }

    /** It is lent no more; returns since when it was, or {@link #NONE} if it was not. */
    long end() {
        return (long) WORD.getAndSet(this, NONE);
    }
}
