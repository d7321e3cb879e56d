package io.memfuse.it.fault;

import java.time.Duration;

/**
 * What is expected of a fault. Immutable.
 *
 * @param isShared whether it is part of each build, not of the campaign alone
 * @param isServed whether nobody is told of an error
 * @param told what some callers are told; a regular expression of {@link Causes#of}
 * @param lasts how long it lasts
 * @param answer how long a caller waits for whatever answer, at most
 */
record Expectation(boolean isShared, boolean isServed, String told, Duration lasts, Duration answer) {

    /** What every caller may be told: that there is no connection, with the reason, or what the driver says of the one that he has. */
    static final String TYPED = "PoolOpenException \\w+|PoolTimeoutException|SQLState \\w{5}";

    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** A connection, a statement, and the ten seconds that a server has to report that it cancelled it. */
    private static final Duration SILENT =
            Scene.TIMEOUT.plus(Scene.COMMAND_TIMEOUT).plusSeconds(10);

    /** A connection, and up to three statements: two, and the end of their transaction. */
    static Expectation expect() {
        Duration answer =
                Scene.TIMEOUT.plus(Scene.COMMAND_TIMEOUT.multipliedBy(3)).plus(TOLERANCE);
        return new Expectation(false, false, ".*", Scene.TIMEOUT.plusSeconds(1), answer);
    }

    Expectation share() {
        return new Expectation(true, isServed, told, lasts, answer);
    }

    Expectation serves() {
        return new Expectation(isShared, true, told, lasts, answer);
    }

    Expectation told(String cause) {
        return new Expectation(isShared, isServed, cause, lasts, answer);
    }

    /** It is made, and over. */
    Expectation once() {
        return new Expectation(isShared, isServed, told, Duration.ofSeconds(1), answer);
    }

    /** Connections in use fall silent, which only the network timeout of a statement ends. */
    Expectation silent() {
        return new Expectation(isShared, isServed, told, SILENT.plusSeconds(2), SILENT.plus(TOLERANCE));
    }
}
