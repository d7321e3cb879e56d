package io.memfuse.core.pool;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who holds a connection. Immutable and thread-safe.
 *
 * @param name the thread that borrowed it, or what else names the borrower
 * @param heldFor for how long by now
 * @param stack where it was borrowed, the innermost frame first and MemFuse's own left out; empty if that was not recorded
 */
public record ConnectionHolder(String name, Duration heldFor, List<StackTraceElement> stack) {

    public ConnectionHolder {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(heldFor, "heldFor");
        stack = List.copyOf(stack);
    }

    /** Returns the line of code that borrowed it, if that was recorded. */
    public Optional<StackTraceElement> takenAt() {
        return stack.stream().findFirst();
    }

    /** Returns {@code 'http-7' for 12.0 s at org.example.Orders.load(Orders.java:42)}. */
    @Override
    public String toString() {
        return "'" + name + "' for " + Durations.format(heldFor)
                + takenAt().map(frame -> " at " + frame).orElse("");
    }
}
