package io.memfuse.core.monitor;

import io.memfuse.core.pool.PoolException;
import io.memfuse.core.time.Times;
import org.jspecify.annotations.Nullable;

/**
 * What one pool, or several together, went through since they are watched, read while they are used: each number is right
 * by itself. Counts are exact; times are those of the acquisitions that were timed, one of
 * {@link PoolMonitor#timesOneIn()}, picked at random.
 *
 * @param opened openings that succeeded
 * @param openFailed openings that failed
 * @param connected physical connections established
 * @param connectFailed physical connections that could not be established
 * @param acquired connections handed to borrowers
 * @param timedOut borrowers that gave up waiting
 * @param refused borrowers that were refused at once, or while they waited, because no connection could be made
 * @param leaked connections that were reported to be held for too long
 * @param evicted pools that left the registry to be drained
 * @param closed pools that were closed
 * @param waits how long borrowers waited for the connection that they got
 * @param uses how long borrowers held it
 * @param connects how long it took to establish a physical connection; each is timed
 * @param lastFailure why the last attempt to establish a connection failed, if none has succeeded since; else null
 */
public record PoolActivity(
        long opened,
        long openFailed,
        long connected,
        long connectFailed,
        long acquired,
        long timedOut,
        long refused,
        long leaked,
        long evicted,
        long closed,
        Times waits,
        Times uses,
        Times connects,
        @Nullable PoolException lastFailure) {

    /** Nothing yet. */
    public static final PoolActivity NONE =
            new PoolActivity(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Times.NONE, Times.NONE, Times.NONE, null);

    /** Returns this and that together; the last failure of either is not kept. */
    public PoolActivity plus(PoolActivity other) {
        return new PoolActivity(
                opened + other.opened,
                openFailed + other.openFailed,
                connected + other.connected,
                connectFailed + other.connectFailed,
                acquired + other.acquired,
                timedOut + other.timedOut,
                refused + other.refused,
                leaked + other.leaked,
                evicted + other.evicted,
                closed + other.closed,
                waits.plus(other.waits),
                uses.plus(other.uses),
                connects.plus(other.connects),
                null);
    }
}
