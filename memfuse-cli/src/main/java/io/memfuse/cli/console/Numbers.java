package io.memfuse.cli.console;

import io.memfuse.core.time.Times;
import java.time.Duration;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** Numbers as JSON shows them: no more digits than mean something. */
final class Numbers {

    private Numbers() {}

    /** Returns milliseconds, with microseconds behind the point. */
    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    /** Writes milliseconds, or null if there are no times to tell them of. */
    static void writeMillis(JsonGenerator json, String name, Times times, Function<Times, Duration> figure) {
        if (times.count() == 0) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, millis(figure.apply(times)));
        }
    }

    static double tenths(double number) {
        return Math.round(number * 10) / 10.0;
    }

    static double thousandths(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
