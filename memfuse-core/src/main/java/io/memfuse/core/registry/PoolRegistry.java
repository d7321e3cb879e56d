package io.memfuse.core.registry;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pools of the JVM: each is opened once, on first use, however many callers ask at once; a failure stays with its own
 * callers and backs off; nothing is closed while it is in use. Thread-safe.
 *
 * <p>Finding an open pool takes no lock, allocates nothing and waits for nothing: it reads the state of the key's slot.
 * Opening happens on the engine's executor, under no lock. The registry's read-write lock makes changes of several pools
 * atomic: registering and reading all pools take it to read, closing all takes it to write; decisions are made under it,
 * and carried out after it.
 *
 * <pre>{@code
 * try (var registry = PoolRegistry.builder().provider(new HikariPoolProvider()).build()) {
 *   PoolKey<DataSource> orders = registry.register(PoolSpec.builder("hikari", "orders").build(), DataSource.class);
 *   DataSource dataSource = registry.durable(orders);
 * }
 * }</pre>
 */
public final class PoolRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PoolRegistry.class);

    /** Longer than any critical section by orders of magnitude: to run into it means a defect, not load. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    /** Longer than anybody waits, and short enough to count in nanoseconds. */
    private static final Duration LONGEST_DRAIN = Duration.ofDays(365);

    /** What closing may take beyond the drain timeout: to abort, and to say goodbye to the servers. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    private final Map<String, PoolProvider<?>> providers;
    private final RegistryEngine engine;
    private final boolean ownsThreads;
    private final AsyncReadWriteLock lock;
    private final ConcurrentHashMap<PoolKey<?>, PoolSlot<?>> slots = new ConcurrentHashMap<>();

    /** From then on no slot is added and none opens. Guarded by {@code lock}. */
    private boolean closed;

    /** Completed by whoever closes first, with what it waits for. */
    private final CompletableFuture<List<CompletableFuture<DrainReport>>> closing = new CompletableFuture<>();

    private PoolRegistry(Builder builder) {
        this.providers = Map.copyOf(builder.providers);
        this.ownsThreads = builder.threads == null;
        this.engine = new RegistryEngine(
                builder.threads == null ? EngineThreads.create() : builder.threads,
                IsolatedListener.of(builder.listener),
                builder.ticker,
                new Backoff(builder.backoffFirst, builder.backoffLongest, builder.random),
                builder.drainTimeout);
        this.lock = new AsyncReadWriteLock("registry", builder.ticker);
    }

    /** Starts a registry. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes a database known, and opens nothing. Registering an equal spec again returns the same key.
     *
     * @param resourceType what callers will use, as the spec's provider offers it
     * @throws PoolConfigurationException if no such provider is there, if it offers something else, or if the database is
     *     registered with other settings
     * @throws PoolClosedException if the registry is closed
     */
    public <R> PoolKey<R> register(PoolSpec spec, Class<R> resourceType) {
        PoolKey<R> key = PoolKey.of(spec, resourceType);
        PoolProvider<R> provider = providerOf(key);
        PoolSlot<R> slot;
        LockHold hold = uninterruptibly(lock.read());
        try {
            if (closed) {
                throw PoolClosedException.registryClosed(key);
            }
            slot = cast(slots.computeIfAbsent(key, k -> new PoolSlot<>(key, spec, provider, engine)));
        } finally {
            hold.close();
        }
        if (!slot.spec().equals(spec)) {
            throw new PoolConfigurationException(
                    key,
                    "registered before with other settings ("
                            + String.join(", ", SpecDifference.between(slot.spec(), spec))
                            + "); one database has one pool: give both the same settings");
        }
        return slot.key();
    }

    private <R> PoolProvider<R> providerOf(PoolKey<R> key) {
        PoolProvider<?> provider = providers.get(key.provider());
        if (provider == null) {
            throw new PoolConfigurationException(
                    key,
                    "no provider '" + key.provider() + "' is there; known: "
                            + String.join(", ", new TreeMap<>(providers).keySet()) + "; add its module");
        }
        if (provider.resourceType() != key.resourceType()) {
            throw new PoolConfigurationException(
                    key,
                    "the provider '" + key.provider() + "' offers a "
                            + provider.resourceType().getName() + ", not a "
                            + key.resourceType().getName());
        }
        @SuppressWarnings("unchecked") // just compared
        PoolProvider<R> typed = (PoolProvider<R>) provider;
        return typed;
    }

    /**
     * Returns what callers may keep for the life of the registry: it stays valid while the pools behind it are evicted and
     * opened again. Opens nothing by itself.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public <R> R durable(PoolKey<R> key) {
        return slot(key).newDurable();
    }

    /**
     * Returns a lease of the pool, opened first if need be; waits for the pool's own {@code timeout} at most.
     *
     * @throws io.memfuse.core.pool.PoolException if there is no pool: see {@link #lease(PoolKey, Duration)}
     */
    public <R> PoolLease<R> lease(PoolKey<R> key) {
        PoolSlot<R> slot = slot(key);
        return lease(slot, slot.spec().limits().timeout());
    }

    /**
     * Returns a lease of the pool, opened first if need be. A caller that gives up does not cancel the opening for others.
     *
     * @throws io.memfuse.core.pool.PoolOpenException if the opening failed, now or a moment ago
     * @throws io.memfuse.core.pool.PoolTimeoutException if the pool was not open within {@code timeout}
     * @throws io.memfuse.core.pool.PoolInterruptedException if the thread was interrupted while it waited
     * @throws PoolConfigurationException if the key is not registered, or asked for from inside its own opening
     * @throws PoolClosedException if the registry is closed
     */
    public <R> PoolLease<R> lease(PoolKey<R> key, Duration timeout) {
        return lease(slot(key), timeout);
    }

    private <R> PoolLease<R> lease(PoolSlot<R> slot, Duration timeout) {
        Deadline deadline = Deadline.after(timeout, engine.ticker());
        while (true) {
            // A pool that drains left its slot before, so that the next round finds another one.
            PoolLease<R> lease = slot.await(deadline).tryLease();
            if (lease != null) {
                return lease;
            }
        }
    }

    /** Returns a lease of the pool if it is open; opens nothing and never waits. */
    public <R> Optional<PoolLease<R>> peek(PoolKey<R> key) {
        return Optional.ofNullable(slot(key).openPool()).map(OpenPool::tryLease);
    }

    /**
     * Opens the pool if need be and fills it to its minimum. The stage completes with the pool's numbers, or fails with a
     * {@link io.memfuse.core.pool.PoolException} after {@code timeout} at the latest; never blocks the caller.
     */
    public CompletionStage<PoolStats> warmUp(PoolKey<?> key, Duration timeout) {
        return slot(key).warmUp(Deadline.after(timeout, engine.ticker()));
    }

    /** As {@link #warmUp(PoolKey, Duration)}, within the pool's own {@code timeout}. */
    public CompletionStage<PoolStats> warmUp(PoolKey<?> key) {
        return warmUp(key, slot(key).spec().limits().timeout());
    }

    /**
     * Lets the pool go, if it is open: it takes no new caller, and is closed when leases and connections have come back or
     * the drain timeout has passed. The next caller opens a new pool at once. A failed pool may be tried again at once.
     *
     * @return completes when it is closed, with what had to be aborted; empty if nothing was open
     */
    public CompletionStage<Optional<DrainReport>> evict(PoolKey<?> key) {
        return slot(key).evict();
    }

    /** Returns all pools as they are now. */
    public RegistrySnapshot snapshot() {
        Map<String, Supplier<List<PoolSnapshot>>> captured = new TreeMap<>();
        LockHold hold = uninterruptibly(lock.read());
        try {
            slots.forEach((key, slot) -> captured.put(key.toString(), slot.capture()));
        } finally {
            hold.close();
        }
        List<PoolSnapshot> pools =
                captured.values().stream().flatMap(slot -> slot.get().stream()).toList();
        return new RegistrySnapshot(pools, lock.metrics());
    }

    /** Returns one pool as it is now. */
    public PoolSnapshot snapshot(PoolKey<?> key) {
        return slot(key).capture().get().get(0);
    }

    /** Returns what the registry's lock went through. */
    public LockMetrics lockMetrics() {
        return lock.metrics();
    }

    /** Closes with the drain timeout of the builder. */
    @Override
    public void close() {
        close(engine.drainTimeout());
    }

    /**
     * Closes all pools at once: refuses every caller, waits until leases and connections have come back or
     * {@code drainTimeout} has passed, aborts what is left, and returns when nothing is open any more. An interrupt ends the
     * waiting, not the closing. A second call waits for the first and returns the same.
     *
     * @return one report for each pool that was open and is closed by now
     */
    public List<DrainReport> close(Duration drainTimeout) {
        Duration bounded = drainTimeout.compareTo(LONGEST_DRAIN) < 0 ? drainTimeout : LONGEST_DRAIN;
        Deadline deadline = Deadline.after(bounded.plus(CLOSE_GRACE), engine.ticker());
        retireAll().ifPresent(retired -> startDraining(retired, bounded));
        // Whoever closes first completes this at once, so that the second does not wait for it noticeably.
        List<CompletableFuture<DrainReport>> drains = closing.join();
        CompletableFuture<?> all = CompletableFuture.allOf(drains.toArray(CompletableFuture<?>[]::new));
        try {
            all.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            endThreads();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            all.whenComplete((done, failure) -> endThreads());
        } catch (TimeoutException e) {
            long open = drains.stream().filter(drain -> !drain.isDone()).count();
            LOG.warn("{} pools were not closed after {}", open, Durations.format(deadline.elapsed()));
            endThreads();
        } catch (ExecutionException e) {
            throw new AssertionError("a drain ends with a report", e);
        }
        return drains.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
    }

    /** Takes every slot out of service, in one step; empty if that was done before. */
    private Optional<Map<PoolSlot<?>, SlotState<?>>> retireAll() {
        LockHold hold = uninterruptibly(lock.write());
        try {
            if (closed) {
                return Optional.empty();
            }
            closed = true;
            Map<PoolSlot<?>, SlotState<?>> retired = new LinkedHashMap<>();
            slots.values().forEach(slot -> retired.put(slot, slot.retire()));
            return Optional.of(retired);
        } finally {
            hold.close();
        }
    }

    private void startDraining(Map<PoolSlot<?>, SlotState<?>> retired, Duration drainTimeout) {
        List<CompletableFuture<DrainReport>> drains = new ArrayList<>();
        try {
            retired.forEach((slot, state) -> {
                try {
                    drains.addAll(slot.drainRetired(state, drainTimeout));
                } catch (RuntimeException e) {
                    LOG.error("{}: cannot be drained", slot.key(), e);
                }
            });
        } finally {
            closing.complete(drains);
        }
    }

    private void endThreads() {
        if (ownsThreads) {
            engine.threads().close();
        }
    }

    private <R> PoolSlot<R> slot(PoolKey<R> key) {
        PoolSlot<?> slot = slots.get(key);
        if (slot == null) {
            throw new PoolConfigurationException(key, "not registered; register its spec first");
        }
        return cast(slot);
    }

    @SuppressWarnings("unchecked") // a slot is only ever stored under its own key
    private static <R> PoolSlot<R> cast(PoolSlot<?> slot) {
        return (PoolSlot<R>) slot;
    }

    /** What is done under the lock takes a few instructions, so that an interrupt may wait until it is done. */
    private static LockHold uninterruptibly(CompletionStage<LockHold> granted) {
        CompletableFuture<LockHold> future = granted.toCompletableFuture();
        Deadline deadline = Deadline.after(LOCK_TIMEOUT, Ticker.system());
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            if (!future.cancel(false) && !future.isCompletedExceptionally()) {
                return future.join(); // Granted in the same moment.
            }
            throw new IllegalStateException(
                    "[MemFuse/RegistryLockStuck] the registry's lock was not granted within " + LOCK_TIMEOUT.toSeconds()
                            + " s; this is a defect",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Builds a {@link PoolRegistry}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, PoolProvider<?>> providers = new TreeMap<>();
        private @Nullable EngineThreads threads;
        private PoolListener listener = PoolListener.NONE;
        private Ticker ticker = Ticker.system();
        private Duration drainTimeout = Duration.ofSeconds(30);
        private Duration backoffFirst = Duration.ofMillis(500);
        private Duration backoffLongest = Duration.ofSeconds(30);
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /**
         * Adds a technology.
         *
         * @throws PoolConfigurationException if another provider has the same name
         */
        public Builder provider(PoolProvider<?> provider) {
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
        public Builder providers(Iterable<? extends PoolProvider<?>> all) {
            all.forEach(this::provider);
            return this;
        }

        /** Sets the threads to use; the registry does not end them. Unless set, it makes its own and ends them. */
        public Builder threads(EngineThreads newThreads) {
            this.threads = newThreads;
            return this;
        }

        /** Sets who is told what happens. */
        public Builder listener(PoolListener newListener) {
            this.listener = newListener;
            return this;
        }

        /** Sets the source of time. */
        public Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        /** Sets how long an evicted or closed pool may wait for what is in use; 30 s unless set. */
        public Builder drainTimeout(Duration newDrainTimeout) {
            this.drainTimeout = newDrainTimeout;
            return this;
        }

        /**
         * Sets how long a failed database is left alone: at first, and at most; it doubles in between and varies by a fifth.
         * 500 ms and 30 s unless set.
         */
        public Builder backoff(Duration first, Duration longest) {
            this.backoffFirst = first;
            this.backoffLongest = longest;
            return this;
        }

        /** Sets where the variation of the back-off comes from; must be thread-safe. */
        public Builder random(RandomGenerator newRandom) {
            this.random = newRandom;
            return this;
        }

        /** Returns the registry. */
        public PoolRegistry build() {
            return new PoolRegistry(this);
        }
    }
}
