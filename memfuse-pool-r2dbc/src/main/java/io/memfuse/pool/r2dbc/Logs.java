package io.memfuse.pool.r2dbc;

import org.slf4j.Logger;

/** Writes of failures to the log where nothing else may fail, for there may be no memory or stack left to write with. */
final class Logs {

    private Logs() {}

    /**
     * Writes it, or does not.
     *
     * @param pool of which pool it is true
     */
    static void warn(Logger log, Object pool, String what, Throwable failure) {
        try {
            log.warn("{}: {}", pool, what, failure);
        } catch (RuntimeException | Error unwritten) {
            // What comes next matters more than what is read of it.
        }
    }
}
