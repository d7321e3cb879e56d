package io.memfuse.cli.output;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last lines of a terminal, drawn again in place while lines that stay are printed above them. Thread-safe.
 *
 * <p>A line longer than the terminal is wide would take two rows and the next drawing would miss one: such a line is cut.
 */
public final class LiveRegion {

    /** From the first column on: a terminal may have shown a key that was pressed, such as {@code ^C}. */
    private static final String UP_AND_CLEAR = "\r\u001b[1A\u001b[2K";

    private final PrintStream out;
    private final int columns;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@code lock}. */
    private List<String> shown = List.of();

    /** Makes an empty region at the end of {@code out}, to which nobody else writes meanwhile. */
    public LiveRegion(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
    }

    /** Prints a line that stays, above the region; it may be of any length. */
    public void print(String line) {
        lock.lock();
        try {
            draw(line + System.lineSeparator(), shown);
        } finally {
            lock.unlock();
        }
    }

    /** Shows other lines in the region; none to remove it. */
    public void show(List<String> lines) {
        lock.lock();
        try {
            draw("", lines.stream().map(this::cut).toList());
        } finally {
            lock.unlock();
        }
    }

    private void draw(String above, List<String> lines) {
        var text = new StringBuilder(UP_AND_CLEAR.repeat(shown.size())).append(above);
        lines.forEach(line -> text.append(line).append(System.lineSeparator()));
        // One write, so that no half-drawn region is seen.
        out.print(text);
        out.flush();
        shown = lines;
    }

    private String cut(String line) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1));
    }
}
