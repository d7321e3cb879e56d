package io.memfuse.bench;

/**
 * How thoroughly it is measured.
 *
 * @param text the mode in words
 * @param forks JVMs for each benchmark, and for each scenario
 * @param warmUps iterations before those that count
 * @param warmUpMillis the length of each
 * @param iterations iterations that count, in each JVM
 * @param iterationMillis the length of each
 * @param roundsFactor by how much a scenario's own number of rounds is multiplied
 * @param full whether that is measured too which only a full run measures: candidates of a design, more threads
 */
record Mode(
        String text,
        int forks,
        int warmUps,
        int warmUpMillis,
        int iterations,
        int iterationMillis,
        int roundsFactor,
        boolean full) {

    /** A pool's way to a connection is compiled after some three seconds on two cores, which its compiler shares. */
    private static final int CLOSE_WARM_UPS = 10;

    private static final int CLOSE_FORKS = 3;

    static final Mode SHORT = new Mode("short run", 1, 2, 300, 8, 80, 1, false);

    static final Mode FULL = new Mode("full run", 3, 3, 400, 8, 200, 2, true);

    /** Returns the JVMs for a benchmark. */
    int forks(boolean closely) {
        return closely ? Math.max(forks, CLOSE_FORKS) : forks;
    }

    /** Returns the iterations before those that count. */
    int warmUps(boolean closely) {
        return closely ? Math.max(warmUps, CLOSE_WARM_UPS) : warmUps;
    }
}
