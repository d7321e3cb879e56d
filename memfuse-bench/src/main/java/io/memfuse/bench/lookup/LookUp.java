package io.memfuse.bench.lookup;

import io.memfuse.bench.stub.StubPool;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
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

/** Finds open pools, one of {@value #DATABASES} at random. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookUp {

    static final int DATABASES = 100;

    /** Between two replacements by the writer: far more often than pools come and go. */
    private static final long WRITER_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** With what the pools are found. */
    @Param({
        "by-key",
        "durable",
        "lease",
        "handle",
        "concurrent-map",
        "counted-use",
        "synchronized",
        "read-write-lock",
        "caffeine",
        "volatile",
        "our-lock",
        "optimistic",
        "snapshot"
    })
    public String table = "";

    /** Whether a pool is evicted and opened again all the time meanwhile. */
    @Param({"false", "true"})
    public boolean writer;

    private final LongAdder hits = new LongAdder();
    private PoolTable pools = table("volatile");
    private @Nullable Thread background;

    /**
     * Opens the pools and starts the writer. What is opened is moved together by the collector first, as it is in a program
     * that has run for a while: else it lies as far apart as what opening left between, and the cache decides.
     */
    @Setup
    public void open() {
        pools = table(table);
        System.gc();
        if (writer) {
            background = new Thread(this::write, "writer");
            background.setDaemon(true);
            background.start();
        }
    }

    /** Stops the writer and closes the pools. */
    @TearDown
    public void close() throws InterruptedException {
        if (background != null) {
            background.interrupt();
            background.join();
        }
        pools.close();
    }

    private void write() {
        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
            pools.replace(i % DATABASES);
            LockSupport.parkNanos(WRITER_PAUSE_NANOS);
        }
    }

    /** Finds a pool. */
    @Benchmark
    public Object find(Draw draw) {
        return pools.find(draw.next());
    }

    /** Finds a pool and counts that it was found. */
    @Benchmark
    public Object findCounted(Draw draw) {
        Object pool = pools.find(draw.next());
        hits.increment();
        return pool;
    }

    /** Numbers of databases at random, drawn ahead. One for each thread. */
    @State(Scope.Thread)
    public static class Draw {

        private static final int SIZE = 1 << 10;

        private final int[] databases =
                ThreadLocalRandom.current().ints(SIZE, 0, DATABASES).toArray();
        private int position;

        int next() {
            position = (position + 1) & (SIZE - 1);
            return databases[position];
        }
    }

    private static PoolTable table(String name) {
        return switch (name) {
            case "by-key" -> OurTables.byKey(DATABASES);
            case "durable" -> OurTables.durable(DATABASES);
            case "lease" -> OurTables.byLease(DATABASES);
            case "handle" -> OurTables.byHandle(DATABASES);
            case "concurrent-map" -> PeerTables.concurrentHashMap(keys());
            case "counted-use" -> PeerTables.countedUse(keys());
            case "synchronized" -> PeerTables.synchronizedMap(keys());
            case "read-write-lock" -> PeerTables.readWriteLock(keys());
            case "caffeine" -> PeerTables.caffeine(keys());
            case "volatile" -> PeerTables.volatileRead(DATABASES);
            case "our-lock" -> CandidateTables.underOurLock(keys());
            case "optimistic" -> CandidateTables.optimistic(keys());
            case "snapshot" -> CandidateTables.snapshot(keys());
            default -> throw new IllegalArgumentException("no table '" + name + "'");
        };
    }

    private static PoolKey<?>[] keys() {
        PoolKey<?>[] keys = new PoolKey<?>[DATABASES];
        for (int i = 0; i < DATABASES; i++) {
            keys[i] = PoolKey.of(PoolSpec.builder("stub", "database" + i).build(), StubPool.class);
        }
        return keys;
    }
}
