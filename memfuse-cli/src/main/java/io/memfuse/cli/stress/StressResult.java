package io.memfuse.cli.stress;

import java.util.List;
import java.util.OptionalInt;

/**
 * How the requests went.
 *
 * @param requests how many there were
 * @param errors how many failed
 * @param explanations why the first of those failed, each reason once
 * @param throughputPerSecond requests for each second, failed ones included
 * @param serviceAccess getting the service from the cache
 * @param acquire waiting for a connection of the pool
 * @param request the whole request
 * @param backends connections of clients that the server had
 * @param threads platform threads that the JVM had
 */
public record StressResult(
        int requests,
        long errors,
        List<String> explanations,
        double throughputPerSecond,
        LatencySummary serviceAccess,
        LatencySummary acquire,
        LatencySummary request,
        Backends backends,
        BeforeAndAfter threads) {

    public StressResult {
        explanations = List.copyOf(explanations);
    }

    /** The counts before the platform was started and after it was closed. */
    record BeforeAndAfter(int before, int after) {}

    /** The counts before, at most meanwhile, and after; nothing for what could not be counted. */
    record Backends(OptionalInt before, OptionalInt peak, OptionalInt after) {}
}
