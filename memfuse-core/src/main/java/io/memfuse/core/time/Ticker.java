package io.memfuse.core.time;

/**
 * A source of elapsed time, in nanoseconds from an arbitrary origin. Thread-safe. Two readings are compared by their
 * difference only, as with {@link System#nanoTime()}.
 */
@FunctionalInterface
public interface Ticker {

    /** Returns the reading, in nanoseconds. */
    long nanoTime();

    /** Returns the ticker of the machine. */
    static Ticker system() {
        return System::nanoTime;
    }
}
