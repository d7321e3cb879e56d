package io.memfuse.cli.compare;

import io.memfuse.cli.compare.Samples.Spread;
import java.util.ArrayList;
import java.util.List;

/** Judges the claims by what was measured. */
final class Verdicts {

    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    /** Ninety per cent less. */
    private static final double A_TENTH = 0.1;

    private static final double LITTLE_KIBIBYTES = 1024;

    private static final double SERVICE_MILLIS = 10;
    private static final double OPENING_MILLIS = 50;

    private final Measured before;
    private final Measured after;
    private final Samples access;
    private final long contended;

    /**
     * @param access how long it took to find the service of a pre-cached user
     * @param contended look-ups that waited for the registry's lock
     */
    Verdicts(Measured before, Measured after, Samples access, long contended) {
        this.before = before;
        this.after = after;
        this.access = access;
        this.contended = contended;
    }

    ComparisonResult result(int requests, int rounds) {
        return new ComparisonResult(
                claims(requests),
                trouble(),
                requests,
                rounds,
                contended,
                before.errors().sum(),
                after.errors().sum(),
                before.acquire(Trouble.NONE),
                after.acquire(Trouble.NONE));
    }

    private List<Row> claims(int requests) {
        Spread found = after.find().quantile(P99);
        Spread accessed = access.quantile(P99);
        Spread opened = after.opening().quantile(MEDIAN);
        return List.of(
                latency("connection acquisition, median: 90 % less", MEDIAN),
                latency("connection acquisition, 99th percentile: 90 % less", P99),
                new Row(
                        "find an existing pool, 99th percentile: no contention",
                        "ms",
                        before.find().quantile(P99),
                        found,
                        contended == 0),
                new Row(
                        "service of a pre-cached user, 99th percentile: below 10 ms",
                        "ms",
                        null,
                        accessed,
                        accessed.median() < SERVICE_MILLIS),
                new Row(
                        "open a pool until a connection is usable: below 50 ms",
                        "ms",
                        before.opening().quantile(MEDIAN),
                        opened,
                        opened.median() < OPENING_MILLIS),
                new Row(
                        requests + " concurrent requests, until the last is done: all served",
                        "ms",
                        before.whole().quantile(1),
                        after.whole().quantile(1),
                        after.errors().sum() == 0),
                memory());
    }

    private Row memory() {
        Spread warm = after.memory().quantile(MEDIAN);
        return new Row(
                "memory of a warm pool, with its connection: below 1 MiB",
                "KiB",
                before.memory().quantile(MEDIAN),
                warm,
                warm.median() < LITTLE_KIBIBYTES);
    }

    private Row latency(String claim, double share) {
        Spread old = before.acquire(Trouble.NONE).quantile(share);
        Spread now = after.acquire(Trouble.NONE).quantile(share);
        return new Row(claim, "ms", old, now, now.median() <= old.median() * A_TENTH);
    }

    private List<Row> trouble() {
        List<Row> rows = new ArrayList<>();
        for (Trouble each : Trouble.values()) {
            rows.add(row(each, ", median", MEDIAN));
            rows.add(row(each, ", 99th percentile", P99));
        }
        return rows;
    }

    private Row row(Trouble trouble, String which, double share) {
        return new Row(
                trouble.text() + which,
                "ms",
                before.acquire(trouble).quantile(share),
                after.acquire(trouble).quantile(share),
                null);
    }
}
