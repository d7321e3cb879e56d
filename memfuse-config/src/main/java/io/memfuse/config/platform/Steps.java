package io.memfuse.config.platform;

import org.jspecify.annotations.Nullable;

/** A sequence that runs to its end, whatever its steps throw: for ending things. */
public final class Steps {

    private Steps() {}

    /** Runs every step in order, then throws what the first one that failed threw; what others threw is suppressed by it. */
    public static void runAll(Runnable... steps) {
        Throwable first = null;
        for (Runnable step : steps) {
            first = run(step, first);
        }
        if (first instanceof RuntimeException failure) {
            throw failure;
        }
        if (first instanceof Error error) {
            throw error;
        }
    }

    private static @Nullable Throwable run(Runnable step, @Nullable Throwable first) {
        try {
            step.run();
            return first;
        } catch (RuntimeException | Error failure) {
            if (first == null) {
                return failure;
            }
            first.addSuppressed(failure);
            return first;
        }
    }
}
