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
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

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

    /** Tells when a borrower is done. */
    private static final class Done implements CoreSubscriber<Void> {

        volatile boolean over;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException("a connection was to be had", failure);
        }

        @Override
        public void onComplete() {
            over = true;
        }
    }

    /**
     * Takes a connection and gives it back. As a rule that is done when the subscription is; but the other thread may be at it,
     * and does it too, so that this one must not go on to the next before, or would pile up work for the other.
     */
    @Benchmark
    public Object borrow() {
        var done = new Done();
        Objects.requireNonNull(opened).borrowAndGiveBack().subscribe(done);
        while (!done.over) {
            Thread.onSpinWait();
        }
        return done;
    }

    /** Waits for each of the two, as code does that is not reactive. */
    @Benchmark
    public @Nullable Object borrowBlocking() {
        return Objects.requireNonNull(opened).borrowAndGiveBack().block();
    }
}
