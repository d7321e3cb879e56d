package io.memfuse.micrometer;

import io.memfuse.core.health.Health;
import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.health.PoolHealth;
import io.memfuse.core.monitor.MonitorSnapshot;
import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.registry.RegistrySnapshot;
import io.memfuse.core.service.ServiceCache;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at everything that there are meters of, and remembers what it takes to tell what is new. Not thread-safe. */
final class Looker {

    private final PoolRegistry registry;
    private final PoolMonitor monitor;
    private final @Nullable Supplier<Health> health;
    private final @Nullable ServiceCache services;
    private final Accounts accounts = new Accounts();
    private final Ranking ranking;
    private final Map<PoolKey<?>, PoolFigures.RecentOfPool> recentOfPools = new HashMap<>();
    private final PoolFigures.RecentOfPool recentOfAll;
    private final RecentTimes lockWaits;
    private final RecentTimes lockHolds;
    private long lastNanos;

    Looker(
            PoolRegistry registry,
            PoolMonitor monitor,
            @Nullable Supplier<Health> health,
            @Nullable ServiceCache services,
            int topPools,
            long nowNanos) {
        this.registry = registry;
        this.monitor = monitor;
        this.health = health;
        this.services = services;
        this.ranking = new Ranking(topPools);
        this.recentOfAll = new PoolFigures.RecentOfPool(nowNanos);
        this.lockWaits = new RecentTimes(nowNanos);
        this.lockHolds = new RecentTimes(nowNanos);
        this.lastNanos = nowNanos;
    }

    Look look(long nowNanos) {
        RegistrySnapshot snapshot = registry.snapshot();
        MonitorSnapshot monitored = monitor.snapshot();
        Health found = health == null ? null : health.get();

        Map<PoolKey<?>, List<PoolSnapshot>> present = snapshot.pools().stream()
                .filter(Looker::isPresent)
                .collect(Collectors.groupingBy(PoolSnapshot::key, LinkedHashMap::new, Collectors.toList()));
        Set<PoolKey<?>> shown = ranking.rank(
                present.keySet(),
                key -> asked(monitored.pools().getOrDefault(key, PoolActivity.NONE)),
                Duration.ofNanos(nowNanos - lastNanos));
        lastNanos = nowNanos;
        accounts.advance(monitored, shown);
        recentOfPools.keySet().retainAll(shown);

        Map<PoolKey<?>, HealthStatus> healths = statuses(found);
        Map<PoolKey<?>, PoolFigures> pools = new LinkedHashMap<>();
        PoolStats otherStats = PoolStats.NONE;
        int otherLeases = 0;
        for (var entry : present.entrySet()) {
            PoolKey<?> key = entry.getKey();
            PoolStats stats =
                    entry.getValue().stream().map(PoolSnapshot::stats).reduce(PoolStats.NONE, PoolFigures::plus);
            int leases =
                    entry.getValue().stream().mapToInt(PoolSnapshot::leases).sum();
            if (!shown.contains(key)) {
                otherStats = PoolFigures.plus(otherStats, stats);
                otherLeases += leases;
                continue;
            }
            PoolFigures.Recent recent = recentOfPools
                    .computeIfAbsent(key, unused -> new PoolFigures.RecentOfPool(nowNanos))
                    .of(monitored.pools().getOrDefault(key, PoolActivity.NONE), nowNanos);
            // A pool that drains comes after the one that replaced it: requests get the first.
            PoolSnapshot now = entry.getValue().get(0);
            pools.put(key, new PoolFigures(now, stats, leases, healths.get(key), accounts.of(key), recent));
        }
        return new Look(
                pools,
                new PoolFigures(null, otherStats, otherLeases, null, accounts.others(), PoolFigures.Recent.NONE),
                accounts.all(),
                recentOfAll.of(monitored.total(), nowNanos),
                states(snapshot),
                snapshot.lock(),
                lockWaits.of(snapshot.lock().waits(), nowNanos),
                lockHolds.of(snapshot.lock().writeHolds(), nowNanos),
                found,
                services == null ? null : services.stats());
    }

    /** One that is not opened, or closed, has no meters, as it costs nothing else. */
    private static boolean isPresent(PoolSnapshot pool) {
        return pool.state() != PoolState.REGISTERED && pool.state() != PoolState.CLOSED;
    }

    /** What it was asked for in vain counts too: a pool that is down is looked for. */
    private static long asked(PoolActivity activity) {
        return activity.acquired()
                + activity.timedOut()
                + activity.refused()
                + activity.connectFailed()
                + activity.openFailed();
    }

    private static Map<PoolKey<?>, HealthStatus> statuses(@Nullable Health found) {
        Map<PoolKey<?>, HealthStatus> statuses = new HashMap<>();
        if (found != null) {
            for (PoolHealth pool : found.pools()) {
                statuses.put(pool.key(), pool.status());
            }
        }
        return statuses;
    }

    private static Map<PoolState, Integer> states(RegistrySnapshot snapshot) {
        Map<PoolState, Integer> states = new EnumMap<>(PoolState.class);
        snapshot.pools().forEach(pool -> states.merge(pool.state(), 1, Integer::sum));
        return states;
    }
}
