package io.memfuse.bench.borrow;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Ours;
import io.memfuse.bench.peer.Peers;
import io.memfuse.core.monitor.PoolMonitor;
import java.sql.Connection;
import java.sql.SQLException;
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

/** Takes a connection and gives it back; there are more connections than threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Borrow {

    private static final int SIZE = 20;

    /** Whose pool. */
    @Param({"memfuse", "memfuse-monitored", "memfuse-timed", "hikari", "agroal", "vibur", "tomcat", "dbcp2", "c3p0"})
    public String pool = "";

    private @Nullable OpenPool opened;

    /** Opens the pool and fills it. */
    @Setup
    public void open() throws SQLException {
        opened = switch (pool) {
            case "memfuse" -> Ours.open(Database.stub(), SIZE, SIZE);
            case "memfuse-monitored" -> Ours.openMonitored(Database.stub(), SIZE, SIZE, new PoolMonitor());
            case "memfuse-timed" -> Ours.openMonitored(Database.stub(), SIZE, SIZE, new PoolMonitor(1));
            default -> Peers.open(pool, Database.stub(), SIZE, SIZE);
        };
    }

    /** Closes the pool. */
    @TearDown
    public void close() throws SQLException {
        Objects.requireNonNull(opened).close();
    }

    /** Takes a connection and gives it back. */
    @Benchmark
    public Connection borrow() throws SQLException {
        Connection connection = Objects.requireNonNull(opened).borrow();
        connection.close();
        return connection;
    }
}
