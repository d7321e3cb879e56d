package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/** The scenarios by name. */
final class Scenarios {

    /** Enough for a fleet. */
    private static final int DATABASES = 20;

    private Scenarios() {}

    /** Returns the names of the databases that the server must have. */
    static List<String> databases() {
        return IntStream.range(0, DATABASES).mapToObj(i -> "bench" + i).toList();
    }

    /** @param port the server's port */
    static Scenario create(String name, int port) throws SQLException {
        List<Database> databases =
                databases().stream().map(each -> new Database(port, each)).toList();
        Database one = databases.get(0);
        return switch (name) {
            case "open" -> new OpenScenario(one);
            case "warm" -> new WarmScenario(one);
            case "fleet" -> new FleetScenario(databases);
            case "cold" -> ColdScenario.besidePeers(one);
            case "filling" -> ColdScenario.besideCandidates(one);
            case "storm" -> new StormScenario(one);
            case "find-storm" -> new FindStormScenario(one);
            case "dead-neighbour" -> new DeadNeighbourScenario(one);
            case "many-pools" -> new ManyPoolsScenario();
            case "open-many" -> new OpenManyScenario();
            case "registered" -> new RegisteredScenario();
            default -> throw new IllegalArgumentException("no scenario '" + name + "'");
        };
    }
}
