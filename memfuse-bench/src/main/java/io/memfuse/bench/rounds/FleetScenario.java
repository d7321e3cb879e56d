package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Peers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** From nothing to twenty pools with five connections each. */
final class FleetScenario implements Scenario {

    private static final int SIZE = 5;
    private static final int MAX = 20;
    private static final int[] PARALLELISMS = {2, 4, 8, 16};
    private static final int CALIBRATIONS = 3;

    private final List<Database> databases;
    private final OurPools ours;
    private final Burst burst = new Burst();
    private int best;

    FleetScenario(List<Database> databases) {
        this.databases = databases;
        this.ours = new OurPools(databases, SIZE, MAX);
    }

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "floor", "hikari");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public int warmUps() {
        return 2;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        double millis = switch (candidate) {
            case "memfuse" -> memfuse();
            case "floor" -> connects(best());
            default -> peers(candidate);
        };
        recorder.record("ms", millis);
    }

    private double memfuse() throws SQLException {
        var watch = new Stopwatch();
        ours.warmUp();
        double millis = 0;
        for (int i = 0; i < databases.size(); i++) {
            millis = Holding.millisUntilHeld(ours.durable(i), SIZE, watch);
        }
        ours.evict();
        return millis;
    }

    /** The number of threads that makes all connections soonest, tried once. */
    private int best() throws Exception {
        if (best == 0) {
            double shortest = Double.MAX_VALUE;
            for (int parallelism : PARALLELISMS) {
                for (int i = 0; i < CALIBRATIONS; i++) {
                    double millis = connects(parallelism);
                    if (millis < shortest) {
                        shortest = millis;
                        best = parallelism;
                    }
                }
            }
        }
        return best;
    }

    private double connects(int parallelism) throws InterruptedException, ExecutionException, SQLException {
        int count = databases.size() * SIZE;
        var next = new AtomicInteger();
        var connections = new Connection[count];
        double millis = burst.run(parallelism, thread -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                connections[i] = databases.get(i % databases.size()).connect();
            }
        });
        for (Connection connection : connections) {
            connection.close();
        }
        return millis;
    }

    private double peers(String peer) throws SQLException {
        List<OpenPool> pools = new ArrayList<>();
        var watch = new Stopwatch();
        for (Database database : databases) {
            pools.add(Peers.open(peer, database, SIZE, MAX));
        }
        double millis = 0;
        for (OpenPool pool : pools) {
            millis = Holding.millisUntilHeld(pool.dataSource(), SIZE, watch);
        }
        for (OpenPool pool : pools) {
            pool.close();
        }
        return millis;
    }

    @Override
    public void close() {
        burst.close();
        ours.close();
    }
}
