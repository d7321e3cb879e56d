package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.time.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the pools that nobody uses, and lets go those that stay idle for too long or are too many, the least recently used
 * first. Not thread-safe: {@link PoolSweep} has it run once at a time.
 *
 * <p>The algorithm is WSClock's (Carr and Hennessy, "WSCLOCK - a simple and effective algorithm for virtual memory
 * management", 1981): users leave a mark, a sweep turns marks into times of last use, the age of that time decides. So the
 * users pay for no clock and no list, and the time of last use is known to within one sweep.
 *
 * <p>What it decides may be out of date when it is done: a pool that was asked for in that moment drains, and its caller, as
 * with every eviction, is given the next one.
 */
final class IdlePools {

    private static final Logger LOG = LoggerFactory.getLogger(IdlePools.class);

    private final IdleLimits limits;
    private final Ticker ticker;
    private final PoolNumbers numbers;

    /** How many pools were open beyond the bound when that was logged last; 0 if none are. */
    private int excessTold;

    IdlePools(IdleLimits limits, Ticker ticker, PoolNumbers numbers) {
        this.limits = limits;
        this.ticker = ticker;
        this.numbers = numbers;
    }

    void sweep(Collection<PoolSlot<?>> slots) {
        List<Candidate<?>> open = new ArrayList<>();
        for (PoolSlot<?> slot : slots) {
            Candidate<?> candidate = Candidate.of(slot);
            if (candidate != null) {
                open.add(candidate);
            }
        }
        // Before the marks are taken: who comes after that leaves one.
        Map<OpenPool<?>, PoolStats> stats =
                numbers.of(open.stream().map(Candidate::pool).toList());
        List<Candidate<?>> idle = new ArrayList<>(open);
        idle.removeIf(candidate -> !candidate.isIdle(stats.get(candidate.pool()), ticker.nanoTime()));
        int evicted = evictIdleForLong(idle);
        if (limits.boundsNumber()) {
            evictExcess(idle, open.size() - evicted - limits.maxOpen());
        }
    }

    private int evictIdleForLong(List<Candidate<?>> idle) {
        if (!limits.boundsTime()) {
            return 0;
        }
        long nowNanos = ticker.nanoTime();
        long timeoutNanos = limits.idleTimeout().toNanos();
        int before = idle.size();
        idle.removeIf(candidate -> candidate.recency().idleNanos(nowNanos) >= timeoutNanos
                && candidate.evict("not used for pool_idle_timeout"));
        return before - idle.size();
    }

    private void evictExcess(List<Candidate<?>> idle, int excess) {
        long nowNanos = ticker.nanoTime();
        long graceNanos = limits.period().toNanos();
        idle.removeIf(candidate -> candidate.recency().isAwaited(nowNanos, graceNanos));
        idle.sort(Comparator.<Candidate<?>>comparingLong(
                        candidate -> candidate.recency().idleNanos(nowNanos))
                .thenComparingLong(candidate -> candidate.recency().ageNanos(nowNanos))
                .reversed());
        int left = excess;
        for (int i = 0; i < idle.size() && left > 0; i++) {
            if (idle.get(i).evict("least recently used, and more than max_open_pools are open")) {
                left--;
            }
        }
        tellExcess(Math.max(0, left));
    }

    private void tellExcess(int excess) {
        if (excess > excessTold) {
            LOG.warn(
                    "registry: {} pools more than max_open_pools ({}) are open, all in use or pinned; raise it or pin fewer",
                    excess,
                    limits.maxOpen());
        }
        excessTold = excess;
    }

    /** A pool that is open, and where. */
    private record Candidate<R>(PoolSlot<R> slot, SlotState<R> state, OpenPool<R> pool) {

        static <R> @Nullable Candidate<R> of(PoolSlot<R> slot) {
            SlotState<R> state = slot.state();
            return state.serving == null ? null : new Candidate<>(slot, state, state.serving);
        }

        Recency recency() {
            return pool.recency();
        }

        /**
         * Tells whether it may go, for nobody uses it at this moment. If it is in use, or was since the last sweep, takes note.
         *
         * @param stats null if it does not answer; then it may be in use
         */
        boolean isIdle(@Nullable PoolStats stats, long nowNanos) {
            boolean marked = state.takeMark();
            boolean inUse = pool.isInUse(stats);
            if (marked || inUse) {
                pool.recency().usedAt(nowNanos);
            }
            return !inUse && !slot.isPinned();
        }

        boolean evict(String why) {
            LOG.debug("{}: {}", pool.key(), why);
            return slot.turnover().evictIdle(pool);
        }
    }
}
