package io.memfuse.cli.output;

/** A progress bar of letters that every terminal has. */
public final class Bar {

    private Bar() {}

    /**
     * Returns such as {@code [######----] 3/5}.
     *
     * @param done how much is done; what is above {@code total} counts as {@code total}
     * @param total how much there is to do; 0 makes a full bar
     * @param width letters between the brackets
     */
    public static String of(int done, int total, int width) {
        int shown = Math.max(0, Math.min(done, total));
        int filled = total <= 0 ? width : (int) ((long) shown * width / total);
        return "[" + "#".repeat(filled) + "-".repeat(width - filled) + "] " + shown + "/" + Math.max(0, total);
    }
}
