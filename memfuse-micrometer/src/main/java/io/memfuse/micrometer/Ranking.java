package io.memfuse.micrometer;

import io.memfuse.core.pool.PoolKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Finds the pools that are used most: what they were asked for counts half as much every ten minutes. A pool takes the place
 * of another if it counts twice as much, so that two that are used alike do not change places with each scrape. Not
 * thread-safe.
 */
final class Ranking {

    private static final double HALF_LIFE_NANOS = Duration.ofMinutes(10).toNanos();

    /** What a pool that has a place is worth. */
    private static final double PLACE = 2;

    private final int places;
    private final Map<PoolKey<?>, Double> uses = new HashMap<>();
    private final Map<PoolKey<?>, Long> seen = new HashMap<>();
    private Set<PoolKey<?>> first = Set.of();

    Ranking(int places) {
        this.places = places;
    }

    /**
     * Returns the pools that are used most.
     *
     * @param pools those that there are
     * @param asked how often each was asked for since it is known
     */
    Set<PoolKey<?>> rank(Set<PoolKey<?>> pools, ToLongFunction<PoolKey<?>> asked, Duration sinceLast) {
        uses.keySet().retainAll(pools);
        seen.keySet().retainAll(pools);
        double faded = Math.pow(0.5, sinceLast.toNanos() / HALF_LIFE_NANOS);
        for (PoolKey<?> pool : pools) {
            long now = asked.applyAsLong(pool);
            Long before = seen.put(pool, now);
            long more = Math.max(0, now - (before == null ? 0 : before));
            uses.merge(pool, (double) more, (former, added) -> former * faded + added);
        }
        first = pools.stream()
                .sorted(Comparator.comparingDouble(this::worth).reversed().thenComparing(PoolKey::toString))
                .limit(places)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return first;
    }

    private double worth(PoolKey<?> pool) {
        double used = uses.getOrDefault(pool, 0.0);
        return first.contains(pool) ? Math.max(used * PLACE, Double.MIN_VALUE) : used;
    }
}
