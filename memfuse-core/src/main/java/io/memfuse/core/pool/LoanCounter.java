package io.memfuse.core.pool;

import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often the connections of one pool are handed out: the pool counts, and is asked. Of what there is to know about a loan
 * that is not timed, its number is all, and who counts where a connection is lent to one borrower at a time needs no atomic
 * operation for it (docs/adr/0024). Thread-safe.
 */
public final class LoanCounter implements LoanCount {

    private final Object mutex = new Object();

    /** Who counts; null if nobody does. Is asked outside of {@code mutex}, and set under it. */
    private volatile @Nullable LongSupplier source;

    /** The most that was counted so far. Guarded by {@code mutex}, as is {@code ended}. */
    private long known;

    // INVARIANT: once it has ended, what is known never changes. So who has added it up then may forget this.
    private boolean ended;

    /** None so far, and nobody who counts. */
    public LoanCounter() {}

    /**
     * The adapter says, as it makes its pool, who counts; of several, the last one does.
     *
     * @param loans returns how many there were so far, at any time, those too that are over. Called by whoever reads numbers, on his
     *     thread and under no lock; thread-safe, and it must not block. It need not count while
     *     {@linkplain PoolContext#isListening() nobody listens}
     */
    public void countedBy(LongSupplier loans) {
        Objects.requireNonNull(loans, "loans");
        synchronized (mutex) {
            if (!ended) { // Else it is an opening that was given up: nothing was lent, and nothing will be.
                source = loans;
            }
        }
    }

    @Override
    public long sum() {
        long counted = ask();
        synchronized (mutex) {
            learn(counted);
            return known;
        }
    }

    @Override
    public long known() {
        synchronized (mutex) {
            return known;
        }
    }

    /** The pool was closed, or was not opened: it lends nothing any more, and is let go. Called by the engine. */
    public void end() {
        long counted = ask();
        synchronized (mutex) {
            learn(counted);
            ended = true;
            source = null;
        }
    }

    @Override
    public boolean hasEnded() {
        synchronized (mutex) {
            return ended;
        }
    }

    /** Of an adapter that fails as it is asked, nothing more is known than before. */
    private long ask() {
        try {
            LongSupplier asked = source;
            return asked == null ? 0 : asked.getAsLong();
        } catch (Throwable unknown) {
            return 0;
        }
    }

    private void learn(long counted) {
        if (!ended) {
            known = Math.max(known, counted);
        }
    }
}
