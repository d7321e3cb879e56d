package io.memfuse.core.health;

import io.memfuse.core.monitor.PoolActivity;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the health of all pools of a registry: at what its requests met, each second, and by a probe of its own where
 * there were none for a while. No request waits for a look, and no look takes a connection that a request might want.
 * Thread-safe.
 */
public final class HealthMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    private final PoolRegistry registry;
    private final PoolMonitor monitor;
    private final EngineThreads threads;
    private final Ticker ticker;
    private final HealthSettings settings;
    private final AtomicBoolean looking = new AtomicBoolean();

    private final Object mutex = new Object();

    /** Guarded by {@code mutex}. */
    private final Map<PoolKey<?>, PoolEvidence> evidence = new HashMap<>();

    private volatile Health health = Health.of(List.of());
    private volatile @Nullable ScheduledFuture<?> timer;

    /** @param monitor the listener of the registry's pools */
    public HealthMonitor(
            PoolRegistry registry, PoolMonitor monitor, EngineThreads threads, Ticker ticker, HealthSettings settings) {
        this.registry = registry;
        this.monitor = monitor;
        this.threads = threads;
        this.ticker = ticker;
        this.settings = settings;
    }

    /** Looks from now on, until it is closed. Called once. */
    public void start() {
        long nanos = settings.interval().toNanos();
        timer = threads.scheduler().scheduleWithFixedDelay(this::lookSoon, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Returns what the last look found; it costs nothing. */
    public Health health() {
        return health;
    }

    /** Looks now, and returns what it found. Blocks for a moment if a pool does not tell its numbers. */
    public Health look() {
        long look = monitor.beginLook();
        List<PoolSnapshot> pools = registry.snapshot().pools();
        Map<PoolKey<?>, PoolActivity> activities = monitor.activities();
        Health found = Health.of(judge(pools, activities));
        health = found;
        beginAnew(monitor.retire(look, gone(pools, activities.keySet())::contains));
        return found;
    }

    private void lookSoon() {
        if (looking.compareAndSet(false, true)) {
            try {
                threads.workers().execute(this::lookOnce);
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                looking.set(false); // The platform closes, or no thread is to be had: at the next interval, maybe.
            }
        }
    }

    private void lookOnce() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.warn("health could not be looked at; it is tried again in {}", settings.interval(), e);
        } finally {
            looking.set(false);
        }
    }

    private List<PoolHealth> judge(List<PoolSnapshot> pools, Map<PoolKey<?>, PoolActivity> activities) {
        // A pool that drains comes after the one that replaced it: the first of each key is the one that requests get.
        Map<PoolKey<?>, PoolSnapshot> serving = new LinkedHashMap<>();
        pools.forEach(pool -> serving.putIfAbsent(pool.key(), pool));
        List<PoolHealth> judged = new ArrayList<>();
        List<PoolKey<?>> due = new ArrayList<>();
        long nowNanos = ticker.nanoTime();
        synchronized (mutex) {
            evidence.keySet().retainAll(serving.keySet());
            serving.forEach((key, pool) -> {
                PoolEvidence known = evidence.computeIfAbsent(key, unused -> new PoolEvidence(settings, nowNanos));
                known.see(pool, activities.getOrDefault(key, PoolActivity.NONE), nowNanos);
                judged.add(known.health(key, nowNanos));
                if (pool.state() == PoolState.OPEN && known.isProbeDue(nowNanos)) {
                    known.probing();
                    due.add(key);
                }
            });
        }
        due.forEach(this::probe);
        return judged;
    }

    private void probe(PoolKey<?> key) {
        try {
            registry.probe(key, settings.probeTimeout()).whenComplete((answer, failure) -> probed(key, cause(failure)));
        } catch (PoolConfigurationException removedMeanwhile) {
            probed(key, null);
        }
    }

    private static @Nullable PoolException cause(@Nullable Throwable failure) {
        Throwable thrown = failure instanceof CompletionException ? failure.getCause() : failure;
        return thrown instanceof PoolException known ? known : null;
    }

    private void probed(PoolKey<?> key, @Nullable PoolException failure) {
        synchronized (mutex) {
            PoolEvidence known = evidence.get(key);
            if (known != null) {
                known.probed(failure, ticker.nanoTime());
            }
        }
    }

    /** What is counted of these begins from zero. */
    private void beginAnew(Set<PoolKey<?>> retired) {
        synchronized (mutex) {
            for (PoolKey<?> key : retired) {
                PoolEvidence known = evidence.get(key);
                if (known != null) {
                    known.beginAnew();
                }
            }
        }
    }

    private static Set<PoolKey<?>> gone(List<PoolSnapshot> pools, Set<PoolKey<?>> known) {
        Set<PoolKey<?>> gone = new HashSet<>(known);
        pools.stream()
                .filter(pool -> pool.state() != PoolState.REGISTERED && pool.state() != PoolState.CLOSED)
                .forEach(pool -> gone.remove(pool.key()));
        return gone;
    }

    /** Looks no more; what was found last stays. */
    @Override
    public void close() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }
}
