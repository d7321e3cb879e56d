package io.memfuse.cli.console;

import io.memfuse.core.health.Health;
import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.health.PoolHealth;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.RegistrySnapshot;
import io.memfuse.core.service.ServiceCacheStats;
import io.memfuse.core.time.Ticker;
import io.memfuse.core.time.Times;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at the platform, and at what it did since a few seconds ago. Thread-safe; one look at a time. */
final class Sampler {

    /** What is found by looks that are a second apart is no news if it differs by less. */
    private static final long JITTER_MILLIS = 3_000;

    private final Observed observed;
    private final Clock clock;
    private final Ticker ticker;

    /** Guarded by this, as all below. */
    private final Map<PoolKey<?>, Baseline<PoolActivity>> activities = new HashMap<>();

    private final Map<PoolKey<?>, Long> healthSinceMillis = new HashMap<>();
    private final Baseline<LockMetrics> locks = new Baseline<>();
    private final Baseline<ServiceCacheStats> caches = new Baseline<>();

    Sampler(Observed observed, Clock clock, Ticker ticker) {
        this.observed = observed;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Looks now. Blocks for a moment if a pool does not tell its numbers. */
    synchronized Sample look() {
        RegistrySnapshot registry = observed.registry().snapshot();
        Health health = observed.health().get();
        ServiceCacheStats services = observed.services().stats();
        long nowNanos = ticker.nanoTime();

        LockMetrics lock = registry.lock();
        LockMetrics lockBefore = locks.take(lock, nowNanos);
        double lockSeconds = locks.seconds(nowNanos);
        ServiceCacheStats before = caches.take(services, nowNanos);
        long hits = services.hits() - before.hits();
        long requests = hits + services.misses() - before.misses();
        return new Sample(
                clock.millis(),
                observed.ready().getAsBoolean(),
                health,
                rows(registry.pools(), health, nowNanos),
                lock,
                (lock.reads() + lock.writes() - lockBefore.reads() - lockBefore.writes()) / lockSeconds,
                (lock.contended() - lockBefore.contended()) / lockSeconds,
                lock.waits().minus(lockBefore.waits()),
                services,
                requests / caches.seconds(nowNanos),
                requests == 0 ? Double.NaN : (double) hits / requests);
    }

    private List<PoolRow> rows(List<PoolSnapshot> pools, Health health, long nowNanos) {
        Map<PoolKey<?>, PoolHealth> judged =
                health.pools().stream().collect(Collectors.toMap(PoolHealth::key, Function.identity()));
        Map<PoolKey<?>, PoolActivity> now = observed.monitor().activities();
        Map<PoolKey<?>, List<String>> names = names();
        Map<PoolKey<?>, Integer> seen = new HashMap<>();
        List<PoolRow> rows = new ArrayList<>(pools.size());
        for (PoolSnapshot pool : pools) {
            int nth = seen.merge(pool.key(), 1, Integer::sum);
            rows.add(
                    nth == 1
                            ? row(
                                    pool,
                                    names.getOrDefault(pool.key(), List.of()),
                                    judged.get(pool.key()),
                                    now.getOrDefault(pool.key(), PoolActivity.NONE),
                                    nowNanos)
                            : drainingRow(pool, names.getOrDefault(pool.key(), List.of()), nth));
        }
        activities.keySet().retainAll(seen.keySet());
        healthSinceMillis.keySet().retainAll(seen.keySet());
        return rows;
    }

    private Map<PoolKey<?>, List<String>> names() {
        Map<PoolKey<?>, List<String>> names = new HashMap<>();
        observed.databases()
                .get()
                .forEach((name, key) ->
                        names.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(name));
        return names;
    }

    private PoolRow row(
            PoolSnapshot pool, List<String> names, @Nullable PoolHealth health, PoolActivity now, long nowNanos) {
        Baseline<PoolActivity> baseline = activities.computeIfAbsent(pool.key(), unused -> new Baseline<>());
        PoolActivity before = baseline.take(now, nowNanos);
        long acquired = Math.max(0, now.acquired() - before.acquired());
        PoolHealth known = health == null
                ? new PoolHealth(pool.key(), HealthStatus.UP, "not looked at yet", Duration.ZERO)
                : health;
        Sizes sizes = sizes(pool);
        return new PoolRow(
                pool.key().toString(),
                names,
                pool,
                sizes.min(),
                sizes.max(),
                known.status(),
                known.reason(),
                since(known),
                now,
                acquired / baseline.seconds(nowNanos),
                now.waits().minus(before.waits()));
    }

    private record Sizes(int min, int max) {}

    /** Returns the sizes that it has, or would have if it were open. */
    private Sizes sizes(PoolSnapshot pool) {
        PoolStats stats = pool.stats();
        if (stats.maxSize() > 0) {
            return new Sizes(stats.minSize(), stats.maxSize());
        }
        try {
            PoolLimits limits = observed.registry().spec(pool.key()).limits();
            return new Sizes(limits.minSize(), limits.maxSize());
        } catch (PoolConfigurationException removedMeanwhile) {
            return new Sizes(0, 0);
        }
    }

    /** The same while the status is, though each look is at another moment. */
    private long since(PoolHealth health) {
        long since = clock.millis() - health.forLong().toMillis();
        return healthSinceMillis.merge(
                health.key(), since, (before, found) -> Math.abs(before - found) < JITTER_MILLIS ? before : found);
    }

    private PoolRow drainingRow(PoolSnapshot pool, List<String> names, int nth) {
        return new PoolRow(
                pool.key() + " #" + nth,
                names,
                pool,
                pool.stats().minSize(),
                pool.stats().maxSize(),
                HealthStatus.UP,
                "gives its connections back and is closed then",
                healthSinceMillis.getOrDefault(pool.key(), clock.millis()),
                PoolActivity.NONE,
                0,
                Times.NONE);
    }
}
