package io.memfuse.micrometer;

import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.time.Times;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the meters of a pool show, or those of several together.
 *
 * @param now the pool as it is; null for several
 * @param stats its connections, those of a predecessor that drains among them
 * @param leases leases that are held
 * @param health how well it can serve; null if nobody looks, and for several
 * @param counts what happened to it
 * @param recent its times of the last minute or two
 */
record PoolFigures(
        @Nullable PoolSnapshot now,
        PoolStats stats,
        int leases,
        @Nullable HealthStatus health,
        Counts counts,
        Recent recent) {

    /** Of no pool. */
    static final PoolFigures NONE = new PoolFigures(null, PoolStats.NONE, 0, null, Counts.NONE, Recent.NONE);

    /** Times that were taken in the last minute or two. */
    record Recent(Times waits, Times uses, Times creates) {

        static final Recent NONE = new Recent(Times.NONE, Times.NONE, Times.NONE);
    }

    /** Keeps the recent times. Not thread-safe. */
    static final class RecentOfPool {

        private final RecentTimes waits;
        private final RecentTimes uses;
        private final RecentTimes creates;

        RecentOfPool(long nowNanos) {
            waits = new RecentTimes(nowNanos);
            uses = new RecentTimes(nowNanos);
            creates = new RecentTimes(nowNanos);
        }

        Recent of(PoolActivity activity, long nowNanos) {
            return new Recent(
                    waits.of(activity.waits(), nowNanos),
                    uses.of(activity.uses(), nowNanos),
                    creates.of(activity.connects(), nowNanos));
        }
    }

    static PoolStats plus(PoolStats one, PoolStats other) {
        return new PoolStats(
                one.total() + other.total(),
                one.active() + other.active(),
                one.idle() + other.idle(),
                one.waiting() + other.waiting(),
                longer(one.oldestWaiterAge(), other.oldestWaiterAge()),
                one.minSize() + other.minSize(),
                one.maxSize() + other.maxSize());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
