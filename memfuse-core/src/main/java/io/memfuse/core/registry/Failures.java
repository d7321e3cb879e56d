package io.memfuse.core.registry;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import java.time.Duration;

/** Puts what foreign code throws into words; whatever it is, and even if it throws again when asked for them. */
final class Failures {

    private Failures() {}

    /** Returns the throwable's own words, or the name of its class if it has none. */
    static String describe(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (Throwable mute) {
            return thrown.getClass().getName();
        }
    }

    /** Returns the failure of an attempt to open a pool. */
    static PoolOpenException ofOpening(PoolKey<?> key, Throwable thrown, Duration took) {
        return thrown instanceof PoolOpenException open
                ? open
                : PoolOpenException.attemptFailed(key, FailureKind.OTHER, describe(thrown), took, thrown);
    }
}
