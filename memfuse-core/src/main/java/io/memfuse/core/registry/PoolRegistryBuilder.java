package io.memfuse.core.registry;

import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds a {@link PoolRegistry}. Not thread-safe. */
public final class PoolRegistryBuilder {

    private static final Duration MIN_IDLE_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX_IDLE_TIMEOUT = Duration.ofDays(365);

    private final Map<String, PoolProvider<?>> providers = new TreeMap<>();
    private @Nullable EngineThreads threads;
    private final List<PoolListener> listeners = new ArrayList<>();
    private Ticker ticker = Ticker.system();
    private Duration drainTimeout = Duration.ofSeconds(30);
    private Duration poolIdleTimeout = Duration.ZERO;
    private int maxOpenPools;
    private Duration backoffFirst = Duration.ofMillis(500);
    private Duration backoffLongest = Duration.ofSeconds(30);
    private HolderTracking holderTracking = HolderTracking.OFF;
    private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

    PoolRegistryBuilder() {}

    /**
     * Adds a technology.
     *
     * @throws PoolConfigurationException if another provider has the same name
     */
    public PoolRegistryBuilder provider(PoolProvider<?> provider) {
        PoolProvider<?> other = providers.putIfAbsent(provider.name(), provider);
        if (other != null && other != provider) {
            throw new PoolConfigurationException(
                    null,
                    "two providers are named '" + provider.name() + "': "
                            + other.getClass().getName() + " and "
                            + provider.getClass().getName() + "; leave one out");
        }
        return this;
    }

    /** Adds technologies. */
    public PoolRegistryBuilder providers(Iterable<? extends PoolProvider<?>> all) {
        all.forEach(this::provider);
        return this;
    }

    /** Sets the threads to use; the registry does not end them. Unless set, it makes its own and ends them. */
    public PoolRegistryBuilder threads(EngineThreads newThreads) {
        this.threads = newThreads;
        return this;
    }

    /** Adds one who is told what happens; what one of several throws does not reach the others. */
    public PoolRegistryBuilder listener(PoolListener newListener) {
        listeners.add(Objects.requireNonNull(newListener, "listener"));
        return this;
    }

    /** Sets the source of time. */
    public PoolRegistryBuilder ticker(Ticker newTicker) {
        this.ticker = newTicker;
        return this;
    }

    /** Sets how long an evicted or closed pool may wait for what is in use; 30 s unless set. */
    public PoolRegistryBuilder drainTimeout(Duration newDrainTimeout) {
        this.drainTimeout = newDrainTimeout;
        return this;
    }

    /**
     * Sets whether pools remember who holds their connections, for errors that name them and to find leaks; off unless set, and then
     * it costs nothing.
     */
    public PoolRegistryBuilder holderTracking(HolderTracking newHolderTracking) {
        this.holderTracking = Objects.requireNonNull(newHolderTracking, "holderTracking");
        return this;
    }

    /**
     * Sets how long a failed database is left alone: at first, and at most; it doubles in between and varies by a fifth.
     * 500 ms and 30 s unless set.
     */
    public PoolRegistryBuilder backoff(Duration first, Duration longest) {
        this.backoffFirst = first;
        this.backoffLongest = longest;
        return this;
    }

    /** Sets where the variation of the back-off comes from; must be thread-safe. */
    public PoolRegistryBuilder random(RandomGenerator newRandom) {
        this.random = newRandom;
        return this;
    }

    /**
     * Sets how long nobody may use a pool until it is closed; the next caller opens it again. Zero, as it is unless set, for
     * ever. A pool is in use while a lease or one of its connections is held, and whenever it is asked for. How long ago that
     * was is known to within a quarter of this time: an unused pool is closed after this time at the earliest, and after 1.25
     * times as long at the latest.
     *
     * @throws IllegalArgumentException if it is negative, or above zero and less than 10 ms or more than 365 days
     */
    public PoolRegistryBuilder poolIdleTimeout(Duration newPoolIdleTimeout) {
        if (!newPoolIdleTimeout.isZero()
                && (newPoolIdleTimeout.compareTo(MIN_IDLE_TIMEOUT) < 0
                        || newPoolIdleTimeout.compareTo(MAX_IDLE_TIMEOUT) > 0)) {
            throw new IllegalArgumentException(
                    "poolIdleTimeout is " + newPoolIdleTimeout + "; accepted: zero (for ever) or 10 ms to 365 days");
        }
        this.poolIdleTimeout = newPoolIdleTimeout;
        return this;
    }

    /**
     * Sets how many pools may be open before the least recently used ones that nobody uses at the moment are closed; 0, as it
     * is unless set, for any number. If all are in use or pinned, more are opened all the same, and the log says so.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PoolRegistryBuilder maxOpenPools(int newMaxOpenPools) {
        if (newMaxOpenPools < 0) {
            throw new IllegalArgumentException(
                    "maxOpenPools is " + newMaxOpenPools + "; accepted: 0 (any number) or more");
        }
        this.maxOpenPools = newMaxOpenPools;
        return this;
    }

    /** Returns the registry. */
    public PoolRegistry build() {
        boolean ownsThreads = threads == null;
        var engine = new RegistryEngine(
                threads == null ? EngineThreads.create() : threads,
                ListenerGroup.of(listeners),
                ticker,
                new Backoff(backoffFirst, backoffLongest, random),
                drainTimeout,
                holderTracking);
        return new PoolRegistry(
                new Providers(providers), engine, new IdleLimits(poolIdleTimeout, maxOpenPools), ownsThreads);
    }
}
