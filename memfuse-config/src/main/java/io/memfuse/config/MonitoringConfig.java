package io.memfuse.config;

import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.PoolListener;
import java.time.Duration;
import java.util.Objects;

/**
 * The section {@code monitoring}: what is measured, and how health is looked after. Immutable and thread-safe.
 *
 * @param timesOneIn {@code times_one_in}: of how many acquisitions one is timed, a power of two
 * @param probeAfter {@code probe_after}: how long a pool may meet no request until its database is probed; zero for never
 * @param holderTracking {@code track_holders} and {@code leak_threshold}: whether pools remember who holds their connections
 * @param jmx {@code jmx}: whether pools and the lock have beans in the JVM's own server of them
 */
public record MonitoringConfig(int timesOneIn, Duration probeAfter, HolderTracking holderTracking, boolean jmx) {

    /** What holds unless the file says otherwise: one of 32 is timed, a pool is probed after 30 s of silence, no holder is tracked. */
    public static final MonitoringConfig DEFAULT =
            new MonitoringConfig(PoolListener.USUALLY_ONE_IN, Duration.ofSeconds(30), HolderTracking.OFF, false);

    /** @throws IllegalArgumentException if the number is no power of two, or the time is negative */
    public MonitoringConfig {
        if (timesOneIn < 1 || Integer.bitCount(timesOneIn) != 1) {
            throw new IllegalArgumentException("timesOneIn is " + timesOneIn + "; accepted: a power of two");
        }
        if (Objects.requireNonNull(probeAfter, "probeAfter").isNegative()) {
            throw new IllegalArgumentException("probeAfter is " + probeAfter + "; accepted: zero or more");
        }
        Objects.requireNonNull(holderTracking, "holderTracking");
    }
}
