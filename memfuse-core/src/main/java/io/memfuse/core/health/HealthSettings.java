package io.memfuse.core.health;

import java.time.Duration;

/**
 * How health is looked after.
 *
 * @param interval how often what the requests met is looked at
 * @param probeAfter how long a pool may meet no request until its database is probed; zero for never
 * @param probeTimeout how long a probe may take
 * @param memory how long a request that gave up waiting counts against its pool
 */
public record HealthSettings(Duration interval, Duration probeAfter, Duration probeTimeout, Duration memory) {

    /** Longer than anybody waits, and short enough to count in nanoseconds. The default is checked by it: it comes first. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /** A look each second, a probe after 30 s of silence that may take 5 s, a memory of 10 s. */
    public static final HealthSettings DEFAULT = new HealthSettings(
            Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(10));

    /** @throws IllegalArgumentException if a time is negative or more than 365 days, or one but {@code probeAfter} is zero */
    public HealthSettings {
        requirePositive("interval", interval);
        requirePositive("probeTimeout", probeTimeout);
        requirePositive("memory", memory);
        if (probeAfter.isNegative() || probeAfter.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "probeAfter is " + probeAfter + "; accepted: zero (never) or more, up to 365 days");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted: more than zero, up to 365 days");
        }
    }

    /** Returns the same with another time until a silent pool's database is probed. */
    public HealthSettings withProbeAfter(Duration newProbeAfter) {
        return new HealthSettings(interval, newProbeAfter, probeTimeout, memory);
    }
}
