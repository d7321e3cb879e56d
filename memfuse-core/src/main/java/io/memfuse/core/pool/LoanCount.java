package io.memfuse.core.pool;

import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How often the connections of one pool were handed out, from its opening to its end. The pool counts, and is asked: of what there
 * is to know about a loan that is not timed, its number is all, and who counts where a connection is lent to one borrower at a
 * time needs no atomic operation for it (docs/adr/0024). Thread-safe; never decreases.
 */
public final class LoanCount {

    // INVARIANT: once `ended` is read as true, `source` never changes what it returns. So who has added up what it
    // returned
    // then may forget this.
    private volatile LongSupplier source = fixed(0);
    private volatile boolean ended;

    /** None so far, and nobody who counts. */
    public LoanCount() {}

    /**
     * The adapter says, as it makes its pool, who counts.
     *
     * @param loans returns how many there were so far, at any time, those too that are over; thread-safe, and quick. It need not
     *     count while {@linkplain PoolContext#isListening() nobody listens}
     */
    public void countedBy(LongSupplier loans) {
        source = Objects.requireNonNull(loans, "loans");
        if (ended) { // An opening that was given up, and comes to its end after that: nothing was lent.
            source = fixed(0);
        }
    }

    /** Returns how many there were so far. */
    public long sum() {
        return source.getAsLong();
    }

    /** The pool was closed, or was not opened: it lends nothing any more, and is let go. Called by the engine. */
    public void end() {
        if (!ended) {
            source = fixed(lastSum());
            ended = true;
        }
    }

    /** Tells whether no more will come. */
    public boolean hasEnded() {
        return ended;
    }

    /** Of an adapter that fails when it is asked, nothing is known; the closing goes on. */
    private long lastSum() {
        try {
            return source.getAsLong();
        } catch (RuntimeException unknown) {
            return 0;
        }
    }

    private static LongSupplier fixed(long loans) {
        return () -> loans;
    }
}
