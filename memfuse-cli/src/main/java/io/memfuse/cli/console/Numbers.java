package io.memfuse.cli.console;

import java.time.Duration;

/** Numbers as JSON shows them: no more digits than mean something. */
final class Numbers {

    private Numbers() {}

    /** Returns milliseconds, with microseconds behind the point. */
    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    static double tenths(double number) {
        return Math.round(number * 10) / 10.0;
    }

    static double thousandths(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
