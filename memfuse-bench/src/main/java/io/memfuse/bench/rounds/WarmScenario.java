package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Peers;
import java.sql.Connection;
import java.util.List;

/** From nothing to one pool whose five connections can all be held at once. */
final class WarmScenario implements Scenario {

    private static final int SIZE = 5;

    /** As by default. Agroal stalls now and then if a pool that fills may have no more than are asked for. */
    private static final int MAX = 20;

    private final Database database;
    private final OurPools ours;
    private final Burst burst = new Burst();

    WarmScenario(Database database) {
        this.database = database;
        this.ours = new OurPools(List.of(database), SIZE, MAX);
    }

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "floor", "hikari", "agroal", "tomcat", "vibur");
    }

    @Override
    public int rounds() {
        return 14;
    }

    @Override
    public int warmUps() {
        return 6;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        double millis = switch (candidate) {
            case "memfuse" -> memfuse();
            case "floor" -> floor();
            default -> peer(candidate);
        };
        recorder.record("ms", millis);
    }

    private double memfuse() throws Exception {
        var watch = new Stopwatch();
        ours.warmUp();
        double millis = Holding.millisUntilHeld(ours.durable(0), SIZE, watch);
        ours.evict();
        return millis;
    }

    private double floor() throws Exception {
        var connections = new Connection[SIZE];
        double millis = burst.run(SIZE, i -> connections[i] = database.connect());
        for (Connection connection : connections) {
            connection.close();
        }
        return millis;
    }

    private double peer(String peer) throws Exception {
        var watch = new Stopwatch();
        try (OpenPool pool = Peers.open(peer, database, SIZE, MAX)) {
            return Holding.millisUntilHeld(pool.dataSource(), SIZE, watch);
        }
    }

    @Override
    public void close() {
        burst.close();
        ours.close();
    }
}
