package io.memfuse.cli.stress;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what goes wrong, and keeps the first few reasons. Thread-safe. */
final class ErrorLog {

    private static final int KEPT = 5;

    private final LongAdder count = new LongAdder();
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();

    void add(String reason) {
        count.increment();
        if (reasons.size() < KEPT) {
            reasons.add(reason);
        }
    }

    void add(Throwable failure) {
        add(failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage());
    }

    long count() {
        return count.sum();
    }

    List<String> reasons() {
        return reasons.stream().limit(KEPT).toList();
    }
}
