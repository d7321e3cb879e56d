package io.memfuse.bench.borrow;

import io.memfuse.bench.peer.ReactivePool;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Takes a reactive connection and gives it back; there are more connections than threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReactiveBorrow {

    private static final int SIZE = 20;

    /** Whose pool. */
    @Param({"memfuse", "r2dbc-pool", "r2dbc-pool-deadline", "reactor-pool"})
    public String pool = "";

    private @Nullable ReactivePool opened;

    /** Opens the pool and fills it. */
    @Setup
    public void open() {
        opened = ReactivePool.open(pool, SIZE);
    }

    /** Closes the pool. */
    @TearDown
    public void close() {
        Objects.requireNonNull(opened).close();
    }

    /** Takes a connection and gives it back, on this thread: everything is there at once. */
    @Benchmark
    public Object borrow() {
        return Objects.requireNonNull(opened).borrowAndGiveBack().subscribe();
    }

    /** Waits for each of the two, as code does that is not reactive. */
    @Benchmark
    public @Nullable Object borrowBlocking() {
        return Objects.requireNonNull(opened).borrowAndGiveBack().block();
    }
}
