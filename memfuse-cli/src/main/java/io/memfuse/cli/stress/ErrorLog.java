package io.memfuse.cli.stress;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Counts what goes wrong, and keeps the first few reasons; those that differ in numbers only are one. Thread-safe. */
final class ErrorLog {

    private static final int KEPT = 5;
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private final LongAdder count = new LongAdder();

    /** The reasons by what is in them beside numbers, such as the time until the next attempt. */
    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    void add(String reason) {
        count.increment();
        if (reasons.size() < KEPT) {
            reasons.putIfAbsent(DIGITS.matcher(reason).replaceAll("#"), reason);
        }
    }

    void add(Throwable failure) {
        add(failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage());
    }

    long count() {
        return count.sum();
    }

    List<String> reasons() {
        return reasons.values().stream().limit(KEPT).toList();
    }
}
