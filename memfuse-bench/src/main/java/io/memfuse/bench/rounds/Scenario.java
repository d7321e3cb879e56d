package io.memfuse.bench.rounds;

import java.sql.SQLException;
import java.util.List;

/** Something that several candidates do, each in its own way. Used by one thread. */
interface Scenario extends AutoCloseable {

    /** Takes one number of one candidate. */
    @FunctionalInterface
    interface Recorder {
        void record(String metric, double value);
    }

    /** Returns the names of the candidates. */
    List<String> candidates();

    /** Returns how many rounds count in a short run. */
    int rounds();

    /** Returns how many rounds come before those that count, to load classes and let the JVM compile. */
    default int warmUps() {
        return 3;
    }

    /** Has a candidate do it once. */
    void run(String candidate, Recorder recorder) throws Exception;

    @Override
    default void close() throws SQLException {}
}
