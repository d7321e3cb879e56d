package io.memfuse.bench.rounds;

import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.Peers;
import java.sql.SQLException;
import java.util.List;

/** From nothing to the first usable connection of one pool. */
final class OpenScenario implements Scenario {

    private static final int MIN = 1;
    private static final int MAX = 20;

    private final Database database;
    private final OurPools ours;

    OpenScenario(Database database) {
        this.database = database;
        this.ours = new OurPools(List.of(database), MIN, MAX);
    }

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "connect", "hikari");
    }

    @Override
    public int rounds() {
        return 30;
    }

    @Override
    public int warmUps() {
        return 15;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws SQLException {
        double millis = switch (candidate) {
            case "memfuse" -> memfuse();
            case "connect" -> connect();
            default -> hikari();
        };
        recorder.record("ms", millis);
    }

    private double memfuse() throws SQLException {
        double millis = Holding.millisUntilHeld(ours.durable(0), 1, new Stopwatch());
        ours.evict();
        return millis;
    }

    private double connect() throws SQLException {
        return Holding.millisUntilHeld(database.driver(), 1, new Stopwatch());
    }

    private double hikari() throws SQLException {
        var watch = new Stopwatch();
        try (var pool = new HikariDataSource(Peers.hikariConfig(database, MIN, MAX))) {
            return Holding.millisUntilHeld(pool, 1, watch);
        }
    }

    @Override
    public void close() {
        ours.close();
    }
}
