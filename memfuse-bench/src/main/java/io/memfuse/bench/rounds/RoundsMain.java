package io.memfuse.bench.rounds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The program of a scenario's own JVM: plays the rounds and prints each number in a line of its own. */
public final class RoundsMain {

    /** What a line with a number begins with; libraries may print others. */
    static final String MARK = "round\t";

    private RoundsMain() {}

    /** Expects the scenario, the factor of its rounds, and the port of the server. */
    public static void main(String[] arguments) throws Exception {
        int factor = Integer.parseInt(arguments[1]);
        try (Scenario scenario = Scenarios.create(arguments[0], Integer.parseInt(arguments[2]))) {
            int total = scenario.warmUps() + scenario.rounds() * factor;
            for (int round = 0; round < total; round++) {
                play(scenario, round, round >= scenario.warmUps());
            }
        }
        System.exit(0); // Whatever threads a peer has left.
    }

    private static void play(Scenario scenario, int round, boolean counts) throws Exception {
        List<String> order = new ArrayList<>(scenario.candidates());
        Collections.rotate(order, round);
        for (String candidate : order) {
            scenario.run(candidate, (metric, value) -> {
                if (counts) {
                    System.out.println(MARK + candidate + "\t" + metric + "\t" + value);
                }
            });
        }
    }
}
