package io.memfuse.pool.hikari;

import io.memfuse.core.pool.PoolListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says of a connection whether it is lent, and since when. It has cache lines of its own: each borrower writes it twice, and
 * next to the mark of another thread's connection, which is where a collector may move it, borrowing took half as long again
 * to twice as long. Thread-safe.
 */
final class LoanMark {

    /** No loan. */
    static final long NONE = 0;

    /** A loan whose beginning was not read off the clock. */
    static final long UNTIMED = PoolListener.UNTIMED;

    /** 64 bytes on either side of the one that is used are as long as a line. */
    private static final int WORDS = 16;

    private static final int USED = 7;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    // INVARIANT: the word is NONE unless lent; who brings it back to NONE has to report and clean. So each loan ends
    // once, though the borrower's return, an eviction and the abort at a drain's deadline may meet.
    private final long[] words = new long[WORDS];

    /**
     * It is lent since then, or since the nanosecond before: an odd number, and so never {@link #NONE}. {@link #UNTIMED} is
     * itself; a clock that reads just that makes one loan untimed.
     */
    void begin(long nowNanos) {
        WORD.setRelease(words, USED, (nowNanos - 1) | 1);
    }

    /** Returns since when it is lent, or {@link #NONE}. */
    long sinceNanos() {
        return (long) WORD.getVolatile(words, USED);
    }

    /** It is lent no more; returns since when it was, or {@link #NONE} if it was not. */
    long end() {
        return (long) WORD.getAndSet(words, USED, NONE);
    }
}
