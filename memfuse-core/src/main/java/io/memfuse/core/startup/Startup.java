package io.memfuse.core.startup;

import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceException;
import io.memfuse.core.service.ServiceKey;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warms the pools and pre-caches the services of a plan. Thread-safe.
 *
 * <p>The services are begun as soon as one pool is warm, or all have settled: so they do not disturb the warm-up of a single
 * pool, and do not wait for a dead one. So many pools of one server are under way at a time, so that a dead server holds up
 * no pool of another; and so many services in all.
 * Each entry has a deadline of its own: a pool its {@code timeout}, a service the cache's load timeout. An entry that
 * fails stops no other; if a retry can help it is tried again in the background, less and less often, until it is well or
 * this start-up is closed.
 */
public final class Startup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private final PoolRegistry registry;
    private final ServiceCache services;
    private final Ticker ticker;
    private final StartupListener listener;
    private final int parallelism;
    private final BackgroundRetry retry;

    private Startup(Builder builder) {
        this.registry = Objects.requireNonNull(builder.registry, "registry");
        this.services = Objects.requireNonNull(builder.services, "services");
        this.ticker = builder.ticker;
        this.listener = builder.listener;
        this.parallelism = builder.parallelism;
        this.retry = new BackgroundRetry(
                Objects.requireNonNull(builder.threads, "threads").scheduler(),
                builder.retryFirst,
                builder.retryLongest);
    }

    /** Starts a start-up. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Warms and pre-caches all of the plan, and returns when each entry has settled, well or not.
     *
     * @throws InterruptedException if the thread was interrupted; what was begun goes on
     */
    public StartupReport run(StartupPlan plan) throws InterruptedException {
        long start = ticker.nanoTime();
        var poolLanes = new HashMap<Endpoint, Lane>();
        var serviceLane = new Lane(parallelism);
        List<CompletableFuture<PoolEntry>> pools = plan.pools().stream()
                .map(key -> poolLanes
                        .computeIfAbsent(key.endpoints().first(), server -> new Lane(parallelism))
                        .add(() -> warmUp(key)))
                .toList();
        CompletableFuture<?> oneIsWarm = oneIsWarm(pools);
        List<CompletableFuture<ServiceEntry>> made = plan.services().stream()
                .map(key -> oneIsWarm.thenCompose(warm -> serviceLane.add(() -> precache(key))))
                .toList();
        return new StartupReport(await(pools), await(made), since(start));
    }

    /** Returns what completes when a pool has settled well, or all have settled. */
    private static CompletableFuture<?> oneIsWarm(List<CompletableFuture<PoolEntry>> pools) {
        var warm = new CompletableFuture<@Nullable Void>();
        pools.forEach(pool -> pool.thenAccept(entry -> {
            if (entry.failure() == null) {
                warm.complete(null);
            }
        }));
        CompletableFuture.allOf(pools.toArray(CompletableFuture<?>[]::new))
                .whenComplete((settled, failure) -> warm.complete(null));
        return warm;
    }

    /** Each entry has a deadline of its own, so that this needs none. */
    private static <T> List<T> await(List<CompletableFuture<T>> entries) throws InterruptedException {
        try {
            CompletableFuture.allOf(entries.toArray(CompletableFuture<?>[]::new))
                    .get();
        } catch (ExecutionException e) {
            throw new AssertionError("an entry settles, well or not", e);
        }
        return entries.stream().map(CompletableFuture::join).toList();
    }

    private CompletionStage<PoolEntry> warmUp(PoolKey<?> key) {
        tell(() -> listener.warming(key));
        return settle(
                () -> registry.warmUp(key),
                (took, failure) -> entryOf(key, took, failure),
                entry -> tell(() -> listener.settled(entry)),
                key.toString());
    }

    private PoolEntry entryOf(PoolKey<?> key, Duration took, @Nullable RuntimeException failure) {
        try {
            PoolSnapshot now = registry.snapshot(key);
            return new PoolEntry(key, now.state(), now.stats().total(), took, failure);
        } catch (PoolConfigurationException e) { // Never registered, or removed while it was warmed.
            return new PoolEntry(key, PoolState.CLOSED, 0, took, failure == null ? e : failure);
        }
    }

    private CompletionStage<ServiceEntry> precache(ServiceKey key) {
        tell(() -> listener.precaching(key));
        return settle(
                () -> services.load(key),
                (took, failure) -> new ServiceEntry(key, took, failure),
                entry -> tell(() -> listener.settled(entry)),
                key.toString());
    }

    /** Makes the first attempt; what it comes to, well or not, is the entry. A failure goes on in the background. */
    private <E> CompletionStage<E> settle(
            Supplier<CompletionStage<?>> attempt,
            BiFunction<Duration, @Nullable RuntimeException, E> toEntry,
            Consumer<E> settled,
            String what) {
        long start = ticker.nanoTime();
        return attemptSafely(attempt).handle((value, thrown) -> {
            RuntimeException failure = thrown == null ? null : unwrap(thrown);
            E entry = toEntry.apply(since(start), failure);
            settled.accept(entry);
            if (failure != null && canRetryHelp(failure)) {
                retry.start(what, () -> attemptSafely(attempt), thrownLater -> canRetryHelp(unwrap(thrownLater)));
            }
            return entry;
        });
    }

    private static CompletionStage<?> attemptSafely(Supplier<CompletionStage<?>> attempt) {
        try {
            return attempt.get();
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static RuntimeException unwrap(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof RuntimeException failure ? failure : new CompletionException(cause);
    }

    private static boolean canRetryHelp(RuntimeException failure) {
        if (failure instanceof PoolException pool) {
            return pool.retryable();
        }
        return !(failure instanceof ServiceException service) || service.retryable();
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            LOG.warn("the start-up listener {} failed", listener.getClass().getName(), e);
        }
    }

    private Duration since(long startNanos) {
        return Duration.ofNanos(ticker.nanoTime() - startNanos);
    }

    /** Ends the retries in the background. Pools and services stay. */
    @Override
    public void close() {
        retry.close();
    }

    /** Builds a {@link Startup}. Not thread-safe. */
    public static final class Builder {

        private @Nullable PoolRegistry registry;
        private @Nullable ServiceCache services;
        private @Nullable EngineThreads threads;
        private Ticker ticker = Ticker.system();
        private StartupListener listener = StartupListener.NONE;
        private int parallelism = 16;
        private Duration retryFirst = Duration.ofSeconds(1);
        private Duration retryLongest = Duration.ofSeconds(60);

        private Builder() {}

        /** Sets where the pools are. Required. */
        public Builder registry(PoolRegistry newRegistry) {
            this.registry = newRegistry;
            return this;
        }

        /** Sets where the services are. Required. */
        public Builder services(ServiceCache newServices) {
            this.services = newServices;
            return this;
        }

        /** Sets the threads to use; they are not ended. Required. */
        public Builder threads(EngineThreads newThreads) {
            this.threads = newThreads;
            return this;
        }

        /** Sets the source of time. */
        public Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        /** Sets who is told of the progress. */
        public Builder listener(StartupListener newListener) {
            this.listener = newListener;
            return this;
        }

        /** Sets how many pools of one server, and how many services, may be under way at once; 16 unless set. */
        public Builder parallelism(int newParallelism) {
            if (newParallelism < 1) {
                throw new IllegalArgumentException("parallelism is " + newParallelism + "; accepted: 1 or more");
            }
            this.parallelism = newParallelism;
            return this;
        }

        /** Sets the pause before a failed entry is tried again: at first, and at most. 1 s and 60 s unless set. */
        public Builder retry(Duration first, Duration longest) {
            this.retryFirst = first;
            this.retryLongest = longest;
            return this;
        }

        /** Returns the start-up. */
        public Startup build() {
            return new Startup(this);
        }
    }
}
