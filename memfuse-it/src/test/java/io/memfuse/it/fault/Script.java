package io.memfuse.it.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Faults that were drawn from a seed, with the moments at which they strike and how long they last: some of the network, one
 * after the other, and beside them some of the server and its database. The same seed draws the same. Immutable.
 */
record Script(long seed, List<Strike> network, List<Strike> server) {

    /** One fault; its moment counts from the beginning of the script. */
    record Strike(Fault fault, Duration at, Duration lasts) {

        Duration end() {
            return at.plus(lasts);
        }

        @Override
        public String toString() {
            return String.format("%s at %d ms for %d ms", fault, at.toMillis(), lasts.toMillis());
        }
    }

    private static final List<Fault> NETWORK = List.of(
            Fault.RESET,
            Fault.HALF_CLOSED,
            Fault.CUT,
            Fault.NOBODY_ACCEPTS,
            Fault.NO_LOGIN,
            Fault.NO_ANSWER,
            Fault.NO_FAREWELL,
            Fault.REFUSED,
            Fault.STALLED,
            Fault.LATE,
            Fault.SLOW,
            Fault.INTERRUPTED);

    /** Without a fault that needs callers who pause, and they do so only when nothing holds them up. */
    private static final List<Fault> SERVER = Arrays.stream(Fault.values())
            .filter(fault -> !NETWORK.contains(fault) && fault != Fault.NO_VALIDATION)
            .toList();

    private static final int MOST = 2;
    private static final int LONGEST_PAUSE_MILLIS = 1_000;
    private static final int SHORTEST_MILLIS = 100;
    private static final int LONGEST_MILLIS = 2_500;

    static Script draw(long seed) {
        var random = new SplittableRandom(seed);
        return new Script(seed, strikes(NETWORK, random), strikes(SERVER, random));
    }

    private static List<Strike> strikes(List<Fault> faults, SplittableRandom random) {
        var strikes = new ArrayList<Strike>();
        int count = random.nextInt(1, MOST + 1);
        Duration at = Duration.ZERO;
        for (int i = 0; i < count; i++) {
            at = at.plusMillis(random.nextInt(LONGEST_PAUSE_MILLIS));
            var strike = new Strike(
                    faults.get(random.nextInt(faults.size())),
                    at,
                    Duration.ofMillis(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS)));
            strikes.add(strike);
            at = strike.end();
        }
        return List.copyOf(strikes);
    }

    /** Returns how long it takes until the last fault is over. */
    Duration length() {
        return Stream.concat(network.stream(), server.stream())
                .map(Strike::end)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    Set<Fault> faults() {
        return Stream.concat(network.stream(), server.stream())
                .map(Strike::fault)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    @Override
    public String toString() {
        return "-Dcampaign.seed=" + seed + ": " + network + " beside " + server;
    }
}
