package io.memfuse.core.registry;

import io.memfuse.core.lock.LockMetrics;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.SpecDifference;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All pools of the JVM: each is opened once, on first use, however many callers ask at once; a failure stays with its own
 * callers and backs off; nothing is closed while it is in use. Thread-safe.
 *
 * <p>Finding an open pool takes no lock, allocates nothing and waits for nothing: it reads the state of the key's slot.
 * Opening happens on the engine's executor, under no lock. The registry's read-write lock makes changes of several pools
 * atomic: registering and reading all pools take it to read, removing and closing all take it to write; decisions are made
 * under it, and carried out after it. The stages that are returned complete on the engine's executor for callbacks: what
 * follows them may block, and holds up no opening and no closing.
 *
 * <pre>{@code
 * try (var registry = PoolRegistry.builder().provider(new HikariPoolProvider()).build()) {
 *   PoolKey<DataSource> orders = registry.register(PoolSpec.builder("hikari", "orders").build(), DataSource.class);
 *   DataSource dataSource = registry.durable(orders);
 * }
 * }</pre>
 */
public final class PoolRegistry implements AutoCloseable {

    private final Providers providers;
    private final RegistryEngine engine;
    private final RegistryLock lock;
    private final SlotContext context;
    private final PoolSlots slots;
    private final RegistryClosing closing;

    PoolRegistry(Providers providers, RegistryEngine engine, IdleLimits limits, boolean ownsThreads) {
        this.providers = providers;
        this.engine = engine;
        this.lock = new RegistryLock(engine.ticker());
        var numbers = new PoolNumbers(engine.threads().workers());
        var sweep = new PoolSweep(engine, limits, numbers, this::slots);
        var pending = new Pending();
        this.context = new SlotContext(engine, new PoolDrains(engine), numbers, pending, sweep::opened);
        this.slots = new PoolSlots(context, lock);
        this.closing = new RegistryClosing(slots, context, () -> {
            sweep.stop();
            if (ownsThreads) {
                engine.threads().close();
            }
            pending.end(); // After the threads: what they have dropped is not under way any more.
        });
    }

    private Collection<PoolSlot<?>> slots() {
        return slots.all();
    }

    /** Starts a registry. */
    public static PoolRegistryBuilder builder() {
        return new PoolRegistryBuilder();
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
        PoolSlot<R> slot = slots.add(key, spec, providers.of(key));
        if (!slot.spec().equals(spec)) {
            throw new PoolConfigurationException(
                    key,
                    "registered before with other settings ("
                            + named(SpecDifference.between(slot.spec(), spec))
                            + "); one database has one pool: give both the same settings");
        }
        return slot.key();
    }

    private static String named(List<SpecDifference> differences) {
        return differences.stream().map(SpecDifference::toString).collect(Collectors.joining(", "));
    }

    /**
     * Returns what callers may keep for the life of the registry: it stays valid while the pools behind it are evicted,
     * replaced and opened again. The same each time. Opens nothing by itself.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public <R> R durable(PoolKey<R> key) {
        return slots.get(key).durable();
    }

    /**
     * Returns a new alias of a database: what is durable of it can be moved to another database, by {@link #change}.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public <R> PoolAlias<R> alias(PoolKey<R> key) {
        return slots.get(key).alias();
    }

    /**
     * Tells whether an alias stands for a database that is registered. If not, because it was removed, also if it was registered
     * again since, what is durable of it refuses until {@link #change} moves the alias.
     */
    public boolean isRegistered(PoolAlias<?> alias) {
        return slots.has(alias.followed());
    }

    /** Returns the way to a pool, for tests. */
    <R> PoolRoute<R> route(PoolKey<R> key) {
        return slots.get(key);
    }

    /** Begins a change of several databases in one step. */
    public RegistryChange change() {
        return new RegistryChange(slots, engine);
    }

    /**
     * Returns the settings of a database as they are now.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public PoolSpec spec(PoolKey<?> key) {
        return slots.get(key).spec();
    }

    /**
     * Returns a lease of the pool, opened first if need be; waits for the pool's own {@code timeout} at most.
     *
     * @throws io.memfuse.core.pool.PoolException if there is no pool: see {@link #lease(PoolKey, Duration)}
     */
    public <R> PoolLease<R> lease(PoolKey<R> key) {
        return slots.get(key).lease();
    }

    /**
     * Returns a lease of the pool, opened first if need be. A caller that gives up does not cancel the opening for others.
     *
     * @throws io.memfuse.core.pool.PoolOpenException if the opening failed, now or a moment ago
     * @throws io.memfuse.core.pool.PoolTimeoutException if the pool was not open within {@code timeout}
     * @throws io.memfuse.core.pool.PoolInterruptedException if the thread was interrupted while it waited
     * @throws PoolConfigurationException if the key is not registered, or asked for from inside its own opening, on the thread
     *     of the opening; other threads that a provider starts wait, and give up like any caller
     * @throws PoolClosedException if the registry is closed, or the database was removed
     */
    public <R> PoolLease<R> lease(PoolKey<R> key, Duration timeout) {
        return slots.get(key).lease(timeout);
    }

    /** Returns a lease of the pool if it is open; opens nothing and never waits. */
    public <R> Optional<PoolLease<R>> peek(PoolKey<R> key) {
        return Optional.ofNullable(slots.get(key).tryLease());
    }

    /**
     * Opens the pool if need be and fills it to its minimum. The stage completes with the pool's numbers, or fails with a
     * {@link io.memfuse.core.pool.PoolException} after {@code timeout} at the latest; never blocks the caller.
     */
    public CompletionStage<PoolStats> warmUp(PoolKey<?> key, Duration timeout) {
        return slots.get(key).warmUp(Deadline.after(timeout, engine.ticker()));
    }

    /** As {@link #warmUp(PoolKey, Duration)}, within the pool's own {@code timeout}. */
    public CompletionStage<PoolStats> warmUp(PoolKey<?> key) {
        return warmUp(key, slots.get(key).spec().limits().timeout());
    }

    /**
     * Lets the pool go, if it is open: it takes no new caller, and is closed when leases and connections have come back or
     * the drain timeout has passed. The next caller opens a new pool at once, or joins the opening of the one that was to take
     * over. A failed pool may be tried again at once.
     *
     * <p>An opening under way, where no pool serves, is waited for first, for the pool's own {@code timeout} at most.
     *
     * @return completes when it is closed, with what had to be aborted; empty if nothing was open. Fails with a
     *     {@link io.memfuse.core.pool.PoolTimeoutException} if what is under way does not end in time
     */
    public CompletionStage<Optional<DrainReport>> evict(PoolKey<?> key) {
        return engine.forCaller(slots.get(key).turnover().evict());
    }

    /**
     * Lets the pool go as {@link #evict} does, unless somebody uses it at this moment: holds a lease or a connection of it, or
     * waits for one. That is asked, not kept: who comes between the look and the end of the pool is given the next one, as with
     * every eviction. A pool that is pinned goes too; an opening or a replacement under way goes on.
     *
     * @return completes when it is closed; empty if it was left alone, or nothing was open
     * @throws PoolConfigurationException if the key is not registered
     */
    public CompletionStage<Optional<DrainReport>> evictIfUnused(PoolKey<?> key) {
        return engine.forCaller(slots.get(key).turnover().evictIfUnused());
    }

    /**
     * As {@link #evict}, for each pool, side by side: afterwards the next caller of each database opens a new one.
     *
     * @return completes when all are closed, with a report for each that was open. Fails, once the others are closed, as
     *     {@link #evict} does
     */
    public CompletionStage<List<DrainReport>> evictAll() {
        List<CompletableFuture<Optional<DrainReport>>> evictions = slots().stream()
                .<CompletableFuture<Optional<DrainReport>>>map(
                        slot -> slot.turnover().evict())
                .toList();
        return engine.forCaller(CompletableFuture.allOf(evictions.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> evictions.stream()
                        .flatMap(eviction -> eviction.join().stream())
                        .toList()));
    }

    /**
     * Has an open pool replace every connection: those that are idle now, those in use when they come back. Opens nothing, and
     * no caller notices.
     *
     * @return completes when the pool has been told, or at once if it is not open. Fails with a
     *     {@link PoolConfigurationException} if the pool refuses, or does not answer within its own {@code timeout}
     * @throws PoolConfigurationException if the key is not registered
     */
    public CompletionStage<@Nullable Void> softEvict(PoolKey<?> key) {
        return engine.forCaller(slots.get(key).turnover().softEvict());
    }

    /**
     * Changes the settings of a database, its password among them, under load. If its pool is open, a new one is opened and
     * filled beside it with the new settings; then it takes over, in one step: whoever asks from now on gets the new one, and
     * the old one drains. If the new one cannot be opened, settings and pool stay as they were, and nobody but the caller of
     * this notices. If no pool is open, only the settings change, and a failed pool may be tried again at once. An opening or
     * another replacement under way is waited for first, for the pool's own {@code timeout} at most.
     *
     * <p>If the old pool is evicted meanwhile, callers join the opening of the new one, and share its failure; the next opening
     * then uses the former settings.
     *
     * @return completes when the old pool is closed, with what had to be aborted; empty if nothing was open, or the settings
     *     are the same. Fails with a {@link io.memfuse.core.pool.PoolOpenException} if the new pool cannot be opened, with a
     *     {@link io.memfuse.core.pool.PoolTimeoutException} if what is under way does not end in time, with a
     *     {@link PoolClosedException} if the registry is closed, or the database removed meanwhile
     * @throws PoolConfigurationException if the key is not registered, or the spec is that of another database
     */
    public CompletionStage<Optional<DrainReport>> replace(PoolKey<?> key, PoolSpec spec) {
        PoolSlot<?> slot = slots.get(key);
        PoolKey<?> other = PoolKey.of(spec, key.resourceType());
        if (!other.equals(key)) {
            throw new PoolConfigurationException(
                    key, "cannot be replaced by " + other + ", which is another database; register that");
        }
        return engine.forCaller(slot.turnover().replace(spec));
    }

    /**
     * Changes the sizes of a database in place: of its pool, if it is open, as {@link io.memfuse.core.pool.PoolHandle#resize}
     * does, and of each that is opened from now on. An opening or a replacement under way is waited for first, for the pool's
     * own {@code timeout} at most. A failed pool is not tried sooner.
     *
     * @return completes when the pool has been told, and after what was asked for before it. Fails with a
     *     {@link PoolConfigurationException} if the pool refuses, and the sizes stay as they were, or if it does not answer
     *     within the pool's own {@code timeout}; with a {@link io.memfuse.core.pool.PoolTimeoutException} if what is under way does not
     *     end in time; with a {@link PoolClosedException} if the registry is closed, or the database removed meanwhile
     * @throws PoolConfigurationException if the key is not registered
     * @throws IllegalArgumentException if the sizes are not such as {@link PoolLimits} takes
     */
    public CompletionStage<@Nullable Void> resize(PoolKey<?> key, int minSize, int maxSize) {
        PoolSlot<?> slot = slots.get(key);
        PoolLimits checked = slot.spec().limits().withSizes(minSize, maxSize);
        return engine.forCaller(slot.adjust(limits -> limits.withSizes(checked.minSize(), checked.maxSize())));
    }

    /**
     * Changes the sizes of a database and its {@code timeout} in place, as {@link #resize} does the sizes. Other limits are in
     * the connections that there are, and take a {@link #replace}.
     *
     * @param limits whose sizes and timeout it is to have; the others are not looked at
     * @return as {@link #resize}; a pool that refuses the timeout keeps its sizes too
     * @throws PoolConfigurationException if the key is not registered
     */
    public CompletionStage<@Nullable Void> adjust(PoolKey<?> key, PoolLimits limits) {
        return engine.forCaller(slots.get(key)
                .adjust(now -> now.withSizes(limits.minSize(), limits.maxSize()).withTimeout(limits.timeout())));
    }

    /**
     * Forgets a database: its pool, if it is open, is drained as {@link #evict} does, and whoever still has its durable
     * resource is refused with a {@link PoolClosedException}. It may be registered again, which is a new beginning: what was
     * made durable before stays refused. If it was being opened, its next opening begins once that one has ended, and fails
     * if that takes longer than the pool's {@code timeout}; an open pool that drains is not waited for.
     *
     * @return completes when nothing of it is open any more, with what had to be aborted; empty if nothing was open
     * @throws PoolConfigurationException if the key is not registered
     */
    public CompletionStage<Optional<DrainReport>> remove(PoolKey<?> key) {
        return engine.forCaller(slots.remove(key));
    }

    /**
     * Has an open pool look whether its database takes a login and answers, on a connection that no borrower waits for. Opens
     * nothing, and is no use of the pool: one that is not open is not asked.
     *
     * @return completes when the database has answered, or at once if the pool is not open; or with a
     *     {@link io.memfuse.core.pool.PoolOpenException} that says why it did not, at the latest after {@code timeout}
     * @throws PoolConfigurationException if the key is not registered
     */
    public CompletionStage<@Nullable Void> probe(PoolKey<?> key, Duration timeout) {
        OpenPool<?> pool = slots.get(key).openPool();
        return pool == null
                ? CompletableFuture.completedFuture(null)
                : engine.forCaller(PoolProbe.of(pool, timeout, context));
    }

    /**
     * Exempts a pool from being closed because nobody uses it or too many are open. Opens nothing; pinning it again does
     * nothing.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public void pin(PoolKey<?> key) {
        slots.get(key).pin(true);
    }

    /**
     * Ends what {@link #pin} did.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public void unpin(PoolKey<?> key) {
        slots.get(key).pin(false);
    }

    /** Returns all pools as they are now; one that does not tell its numbers, which is waited for for a moment, without them. */
    public RegistrySnapshot snapshot() {
        return new RegistrySnapshot(slots.snapshot(), lock.metrics());
    }

    /**
     * Returns one pool as it is now; without its numbers, if it does not tell them, which is waited for for a moment.
     *
     * @throws PoolConfigurationException if the key is not registered
     */
    public PoolSnapshot snapshot(PoolKey<?> key) {
        return slots.get(key).snapshot();
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
     * {@code drainTimeout} has passed, aborts what is left, and returns when nothing is open any more. A pool that drains
     * already, because it was evicted, replaced or removed, has no more time than that either. An interrupt ends the waiting,
     * not the closing. A second call waits for the first and returns the same.
     *
     * @return one report for each pool that was open, drained ones that others had evicted among them, and is closed by now;
     *     none for an opening that was under way
     */
    public List<DrainReport> close(Duration drainTimeout) {
        return closing.close(drainTimeout);
    }
}
