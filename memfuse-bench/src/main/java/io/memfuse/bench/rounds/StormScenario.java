package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Ours;
import io.memfuse.bench.peer.Peers;
import io.memfuse.bench.report.Score;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;

/** A thousand requests at once, each of which asks the server one question, on twenty connections that are there. */
final class StormScenario implements Scenario {

    private static final int REQUESTS = 1_000;
    private static final int SIZE = 20;
    private static final double P99 = 0.99;

    private final Burst burst = new Burst();
    private final Map<String, OpenPool> pools;
    private final BlockingQueue<Connection> dedicated = new LinkedBlockingQueue<>();
    private final GlobalLock globalLock;

    StormScenario(Database database) throws SQLException {
        pools = Map.of(
                "memfuse", Ours.open(database, SIZE, SIZE),
                "hikari", Peers.open("hikari", database, SIZE, SIZE),
                "agroal", Peers.open("agroal", database, SIZE, SIZE));
        globalLock = new GlobalLock(database, SIZE);
        for (int i = 0; i < SIZE; i++) {
            dedicated.add(database.connect());
        }
    }

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "dedicated", "hikari", "agroal", "global-lock");
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
        double[] millis = burst.times(REQUESTS, i -> request(candidate));
        recorder.record("ms", Score.quantileOf(millis, 1));
        recorder.record("p99", Score.quantileOf(millis, P99));
    }

    private void request(String candidate) throws SQLException, InterruptedException {
        switch (candidate) {
            case "dedicated" -> dedicated();
            case "global-lock" -> ask(globalLock.get().dataSource());
            default -> ask(Objects.requireNonNull(pools.get(candidate)).dataSource());
        }
    }

    private void dedicated() throws SQLException, InterruptedException {
        Connection connection = dedicated.take();
        try {
            Question.ask(connection);
        } finally {
            dedicated.add(connection);
        }
    }

    private static void ask(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Question.ask(connection);
        }
    }

    @Override
    public void close() throws SQLException {
        burst.close();
        globalLock.close();
        for (OpenPool pool : pools.values()) {
            pool.close();
        }
        for (Connection connection : dedicated) {
            connection.close();
        }
    }
}
