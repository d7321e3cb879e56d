package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** A thousand requests at once that only find their pool. */
final class FindStormScenario implements Scenario {

    private static final int REQUESTS = 1_000;
    private static final int SIZE = 20;
    private static final double NANOS_PER_MICRO = 1e3;

    private final Burst burst = new Burst();
    private final OurPools ours;
    private final GlobalLock globalLock;

    FindStormScenario(Database database) throws SQLException {
        ours = new OurPools(List.of(database), SIZE, SIZE);
        ours.warmUp();
        globalLock = new GlobalLock(database, SIZE);
    }

    @Override
    public List<String> candidates() {
        return List.of("memfuse", "global-lock");
    }

    @Override
    public int rounds() {
        return 20;
    }

    @Override
    public int warmUps() {
        return 10;
    }

    @Override
    public void run(String candidate, Recorder recorder) throws Exception {
        double[] micros = new double[REQUESTS];
        burst.run(REQUESTS, i -> {
            long startNanos = System.nanoTime();
            find(candidate);
            micros[i] = (System.nanoTime() - startNanos) / NANOS_PER_MICRO;
        });
        recorder.record("us", Arrays.stream(micros).average().orElseThrow());
    }

    private void find(String candidate) throws SQLException {
        if (candidate.equals("memfuse")) {
            ours.registry().lease(ours.key(0)).close();
        } else {
            globalLock.get();
        }
    }

    @Override
    public void close() throws SQLException {
        burst.close();
        ours.close();
        globalLock.close();
    }
}
