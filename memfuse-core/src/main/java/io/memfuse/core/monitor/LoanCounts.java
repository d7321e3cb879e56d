package io.memfuse.core.monitor;

import io.memfuse.core.pool.LoanCount;
import java.util.ArrayList;
import java.util.List;

/**
 * How often all openings of one pool lent: those that are over, and those that are not, which are asked. Thread-safe; never decreases.
 */
final class LoanCounts {

    /** Guarded by itself, for a few instructions: openings are asked outside. */
    private final List<LoanCount> openings = new ArrayList<>(1);

    /** Of openings that are over and have left {@code openings}. Guarded by it. */
    private long loansOfEnded;

    /** Counts the loans of one more opening from now on. */
    void add(LoanCount opening) {
        forgetEnded();
        synchronized (openings) {
            openings.add(opening);
        }
    }

    long sum() {
        forgetEnded();
        long sum;
        List<LoanCount> asked;
        synchronized (openings) {
            sum = loansOfEnded;
            asked = List.copyOf(openings);
        }
        for (LoanCount opening : asked) {
            sum += opening.sum();
        }
        return sum;
    }

    /** A pool that is opened and closed again and again is to take no room. */
    private void forgetEnded() {
        synchronized (openings) {
            openings.removeIf(opening -> {
                if (opening.hasEnded()) { // Then it knows what it counted, and asks no adapter.
                    loansOfEnded += opening.sum();
                    return true;
                }
                return false;
            });
        }
    }
}
