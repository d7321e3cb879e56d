package io.memfuse.bench.rounds;

import io.memfuse.bench.filling.FillingCandidates;
import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Peers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Twenty requests meet a pool that is not open yet; each keeps its connection until all have one. Agroal is not among the
 * candidates: in some rounds 3.2.1 leaves the last of twenty waiting until its time is up.
 */
final class ColdScenario implements Scenario {

    private static final int REQUESTS = 20;
    private static final int MIN = 5;

    private final Database database;
    private final List<String> others;
    private final OurPools ours;
    private final Burst burst = new Burst();

    private ColdScenario(Database database, List<String> others) {
        this.database = database;
        this.others = others;
        this.ours = new OurPools(List.of(database), MIN, REQUESTS);
    }

    static ColdScenario besidePeers(Database database) {
        return new ColdScenario(database, List.of("hikari"));
    }

    /** Ours beside the other ways of filling a pool that were tried. */
    static ColdScenario besideCandidates(Database database) {
        return new ColdScenario(database, FillingCandidates.NAMES);
    }

    @Override
    public List<String> candidates() {
        return Stream.concat(Stream.of("memfuse", "floor"), others.stream()).toList();
    }

    @Override
    public int rounds() {
        return 5;
    }

    @Override
    public int warmUps() {
        return 2;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        double millis = switch (candidate) {
            case "memfuse" -> memfuse();
            case "floor" -> requests(database.driver());
            default -> peer(candidate);
        };
        recorder.record("ms", millis);
    }

    private double memfuse() throws Exception {
        double millis = requests(ours.durable(0));
        ours.evict();
        return millis;
    }

    private double peer(String peer) throws Exception {
        var watch = new Stopwatch();
        try (OpenPool pool = open(peer)) {
            double opening = watch.millis();
            return opening + requests(pool.dataSource());
        }
    }

    private OpenPool open(String peer) throws SQLException {
        return FillingCandidates.NAMES.contains(peer)
                ? FillingCandidates.open(peer, database, MIN, REQUESTS)
                : Peers.open(peer, database, MIN, REQUESTS);
    }

    private double requests(DataSource pool) throws Exception {
        var connections = new Connection[REQUESTS];
        double millis = burst.run(REQUESTS, i -> connections[i] = pool.getConnection());
        for (Connection connection : connections) {
            connection.close();
        }
        return millis;
    }

    @Override
    public void close() {
        burst.close();
        ours.close();
    }
}
