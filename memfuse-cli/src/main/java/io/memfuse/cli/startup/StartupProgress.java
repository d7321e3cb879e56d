package io.memfuse.cli.startup;

import io.memfuse.cli.output.LiveRegion;
import io.memfuse.cli.output.Terminal;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.startup.StartupListener;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * Shows a start while it goes on. It is both listeners of the platform: the start's own, and that of the pools, which tells
 * of each connection. Thread-safe; ends with {@link #close()}, which may be called twice.
 */
public interface StartupProgress extends StartupListener, PoolListener, AutoCloseable {

    /** Shows nothing. */
    StartupProgress NONE = new StartupProgress() {};

    /**
     * Returns bars on a terminal, lines elsewhere.
     *
     * @param minimums for the text of each pool's key the connections it is warmed to
     */
    static StartupProgress on(PrintStream out, Optional<Terminal> terminal, Map<String, Integer> minimums) {
        return terminal.<StartupProgress>map(
                        screen -> new BarProgress(new LiveRegion(out, screen.columns()), screen, minimums))
                .orElseGet(() -> new LineProgress(out));
    }

    /** Tells that the start is given up: what has not settled well by now has not failed, but is stopped. */
    default void stopping() {}

    /** Ends the showing. */
    @Override
    default void close() {}
}
