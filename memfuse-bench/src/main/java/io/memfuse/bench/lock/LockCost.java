package io.memfuse.bench.lock;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Acquires and releases a lock, to read as a rule and to write now and then. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LockCost {

    /** Which lock. */
    @Param({"memfuse", "reentrant", "reentrant-fair", "stamped", "one-word", "dekker", "bravo"})
    public String lock = "";

    /** How many in a hundred acquisitions are to write. */
    @Param({"0", "1", "10"})
    public int writes;

    private Locks.Section section = Locks.section("reentrant");

    /** Makes the lock. */
    @Setup
    public void make() {
        section = Locks.section(lock);
    }

    /** Acquires and releases it once. */
    @Benchmark
    public long section(Draw draw) {
        return draw.nextIsWrite(writes) ? section.write() : section.read();
    }

    /** Numbers at random, drawn ahead. One for each thread. */
    @State(Scope.Thread)
    public static class Draw {

        private static final int SIZE = 1 << 10;
        private static final int HUNDRED = 100;

        private final int[] numbers =
                new SplittableRandom().ints(SIZE, 0, HUNDRED).toArray();
        private int position;

        boolean nextIsWrite(int percent) {
            position = (position + 1) & (SIZE - 1);
            return numbers[position] < percent;
        }
    }
}
