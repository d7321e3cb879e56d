package io.memfuse.bench.rounds;

/** Time since it was made. Immutable. */
final class Stopwatch {

    private static final double NANOS_PER_MILLI = 1e6;

    private final long startNanos = System.nanoTime();

    double millis() {
        return millis(System.nanoTime() - startNanos);
    }

    static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }
}
