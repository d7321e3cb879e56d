package io.memfuse.cli;

/** How a command went, for the one who called the program. */
public final class ExitStatus {

    /** All went well. */
    public static final int OK = 0;

    /** Anything that the others do not name. */
    public static final int FAILURE = 1;

    /** The configuration or the command line is wrong; nothing was started. */
    public static final int WRONG_INPUT = 2;

    /** Started, but an entry of the configuration failed. */
    public static final int PARTIAL = 3;

    private ExitStatus() {}
}
