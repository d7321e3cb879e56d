package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a registry looked like at one moment: taken without a call of foreign code, and then turned into numbers. Not
 * thread-safe.
 */
final class PoolSnapshots {

    private record Seen(PoolKey<?> key, SlotState<?> state) {}

    private final List<Seen> slots;
    private final List<OpenPool<?>> draining;

    /** For whoever holds what keeps the slots and {@code draining} from changing. */
    PoolSnapshots(Collection<? extends PoolSlot<?>> slots, List<OpenPool<?>> draining) {
        this.slots = new ArrayList<>(slots.size());
        slots.forEach(slot -> this.slots.add(new Seen(slot.key(), slot.state())));
        this.draining = draining;
    }

    /** Returns the pools in the order of their keys' text, each that drains after the one that is in its place. */
    List<PoolSnapshot> read(PoolNumbers numbers, long nowNanos) {
        Map<OpenPool<?>, PoolStats> stats = numbers.of(pools());
        var byKey = new TreeMap<String, List<PoolSnapshot>>();
        slots.forEach(seen -> add(byKey, of(seen.key(), seen.state(), statsOf(stats, seen.state().serving), nowNanos)));
        draining.forEach(pool -> add(byKey, of(PoolState.DRAINING, pool, statsOf(stats, pool))));
        return byKey.values().stream().flatMap(List::stream).toList();
    }

    private List<OpenPool<?>> pools() {
        List<OpenPool<?>> all = new ArrayList<>(draining);
        for (Seen seen : slots) {
            OpenPool<?> serving = seen.state().serving;
            if (serving != null) {
                all.add(serving);
            }
        }
        return all;
    }

    private static PoolStats statsOf(Map<OpenPool<?>, PoolStats> stats, @Nullable OpenPool<?> pool) {
        return pool == null ? PoolStats.NONE : stats.getOrDefault(pool, PoolStats.NONE);
    }

    private static void add(Map<String, List<PoolSnapshot>> byKey, PoolSnapshot snapshot) {
        byKey.computeIfAbsent(snapshot.key().toString(), key -> new ArrayList<>(1))
                .add(snapshot);
    }

    /** Returns the pool of one slot as it is now. */
    static PoolSnapshot of(PoolKey<?> key, SlotState<?> state, PoolStats stats, long nowNanos) {
        if (state.serving != null) {
            return of(state.shown(), state.serving, stats);
        }
        if (state instanceof SlotState.Failed<?> failed) {
            Duration nextAttemptIn = Duration.ofNanos(Math.max(0, failed.retryAtNanos() - nowNanos));
            return new PoolSnapshot(key, failed.shown(), PoolStats.NONE, 0, failed.failure(), nextAttemptIn);
        }
        return new PoolSnapshot(key, state.shown(), PoolStats.NONE, 0, null, Duration.ZERO);
    }

    private static PoolSnapshot of(PoolState shown, OpenPool<?> pool, PoolStats stats) {
        return new PoolSnapshot(pool.key(), shown, stats, pool.leases(), null, Duration.ZERO);
    }
}
