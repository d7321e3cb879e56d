package io.memfuse.micrometer;

import io.memfuse.core.health.Health;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters of all that goes on: each pool, all pools together, the registry's lock, the health and the services. Names are those
 * of OpenTelemetry where it has one, else {@code memfuse.*}; docs/metrics.md lists them. Thread-safe.
 *
 * <pre>{@code
 * var metrics = MemFuseMetrics.builder(registry, monitor).health(health::health).services(cache).build();
 * metrics.bindTo(meterRegistry);
 * }</pre>
 *
 * <p>Whatever is read, all meters show one look at the pools, which the first reader takes who comes more than a second after
 * the last; he may wait for a moment for a pool that does not tell its numbers, and no other reader waits for him. Requests are
 * not touched. With that look come the meters of new pools, and those of pools that are closed go: a scrape that is under way
 * may see it or not, the next one does.
 *
 * <p>The pools that are used most have meters of their own, 50 unless told otherwise; the rest is counted together, as a pool
 * named {@code other}.
 */
public final class MemFuseMetrics implements MeterBinder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MemFuseMetrics.class);

    /** One scrape of a few thousand meters takes less. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int DEFAULT_TOP_POOLS = 50;

    private final Looker looker;
    private final Ticker ticker;
    private final boolean withHealth;
    private final boolean withServices;
    private final List<Binding> bindings = new CopyOnWriteArrayList<>();

    /** Whoever has set it looks, and changes meters; nobody waits for it. */
    private final AtomicBoolean looking = new AtomicBoolean();

    private volatile boolean closed;
    private volatile Look look;

    /** Written before {@code look}. */
    private volatile long lookedNanos;

    private MemFuseMetrics(Builder builder) {
        this.ticker = builder.ticker;
        this.withHealth = builder.health != null;
        this.withServices = builder.services != null;
        this.lookedNanos = ticker.nanoTime();
        this.looker = new Looker(
                builder.registry, builder.monitor, builder.health, builder.services, builder.topPools, lookedNanos);
        this.look = looker.look(lookedNanos);
    }

    /**
     * Begins with what there always is.
     *
     * @param monitor the listener of the registry's pools
     */
    public static Builder builder(PoolRegistry registry, PoolMonitor monitor) {
        return new Builder(registry, monitor);
    }

    /** Adds the meters. May be called for several registries. */
    @Override
    public void bindTo(MeterRegistry meters) {
        bindings.add(new Binding(meters, this::current, withHealth, withServices));
        refresh();
    }

    /** Looks now, and adds and removes meters; a scrape right after it has all pools. Without it a scrape is late by one. */
    public void refresh() {
        if (!closed && looking.compareAndSet(false, true)) {
            try {
                long nowNanos = ticker.nanoTime();
                Look taken = looker.look(nowNanos);
                look = taken;
                lookedNanos = nowNanos;
                bindings.forEach(binding -> binding.show(taken.pools().keySet()));
            } catch (RuntimeException e) {
                LOG.warn("the pools could not be looked at; the meters stay as they were", e);
            } finally {
                looking.set(false);
            }
            removeIfClosed();
        }
    }

    private Look current() {
        if (ticker.nanoTime() - lookedNanos >= FRESH_NANOS) {
            refresh();
        }
        return look;
    }

    /** Removes all meters from all registries. */
    @Override
    public void close() {
        closed = true;
        removeIfClosed();
    }

    /** Whoever looks when it is closed removes them afterwards. */
    private void removeIfClosed() {
        if (closed && looking.compareAndSet(false, true)) {
            try {
                bindings.forEach(Binding::remove);
                bindings.clear();
            } finally {
                looking.set(false);
            }
        }
    }

    /** Builds {@link MemFuseMetrics}. Not thread-safe. */
    public static final class Builder {

        private final PoolRegistry registry;
        private final PoolMonitor monitor;
        private @Nullable Supplier<Health> health;
        private @Nullable ServiceCache services;
        private Ticker ticker = Ticker.system();
        private int topPools = DEFAULT_TOP_POOLS;

        private Builder(PoolRegistry registry, PoolMonitor monitor) {
            this.registry = registry;
            this.monitor = monitor;
        }

        /** Adds the meters of health; {@code newHealth} tells what was found last, such as {@code HealthMonitor::health}. */
        public Builder health(Supplier<Health> newHealth) {
            this.health = newHealth;
            return this;
        }

        /** Adds the meters of services. */
        public Builder services(ServiceCache newServices) {
            this.services = newServices;
            return this;
        }

        /**
         * Sets how many pools have meters of their own; 50 unless set.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder topPools(int newTopPools) {
            if (newTopPools < 0) {
                throw new IllegalArgumentException("topPools is " + newTopPools + "; accepted: 0 or more");
            }
            this.topPools = newTopPools;
            return this;
        }

        /** Sets the source of time. */
        public Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        /** Returns the meters, bound to nothing yet. */
        public MemFuseMetrics build() {
            return new MemFuseMetrics(this);
        }
    }
}
