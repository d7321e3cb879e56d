package io.memfuse.core.monitor;

import io.memfuse.core.pool.LoanCount;
import java.util.ArrayList;
import java.util.List;

/**
 * How often all openings of one pool lent: those that are over, and those that are not, which are asked. Thread-safe; never decreases.
 */
final class LoanCounts {

    /** Guarded by itself. */
    private final List<LoanCount> openings = new ArrayList<>(1);

    /** Of openings that are over and have left {@code openings}. Guarded by it. */
    private long loansOfEnded;

    /** Counts the loans of one more opening from now on. */
    void add(LoanCount opening) {
        synchronized (openings) {
            forgetEnded();
            openings.add(opening);
        }
    }

    /** Asks the pools that are not over; under no lock. */
    void ask() {
        List<LoanCount> asked;
        synchronized (openings) {
            forgetEnded();
            asked = List.copyOf(openings);
        }
        asked.forEach(LoanCount::sum);
    }

    /** Returns what was counted when it was asked last, and of openings that are over all. */
    long known() {
        synchronized (openings) {
            return loansOfEnded + openings.stream().mapToLong(LoanCount::known).sum();
        }
    }

    /** A pool that is opened and closed again and again is to take no room. */
    private void forgetEnded() {
        openings.removeIf(opening -> {
            if (opening.hasEnded()) {
                loansOfEnded += opening.known();
                return true;
            }
            return false;
        });
    }
}
