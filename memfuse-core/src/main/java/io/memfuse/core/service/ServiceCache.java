package io.memfuse.core.service;

import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of all users: each is made once, on first use, however many callers ask at once, and kept. Thread-safe.
 *
 * <p>A request for a service that is there takes no lock, allocates nothing, reads no clock and waits for nothing. Callers
 * ask with each request and do not keep the service: when there are more users than the bound, the services of those who
 * were not seen for longest are closed, which is known to within a second. A user who was seen within the grace time is never
 * closed for room; rather the bound is exceeded. While a user's services are being closed, a new request waits for that and
 * is then given new ones, which so see all that
 * the old ones wrote.
 */
public final class ServiceCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceCache.class);

    private final CacheEngine engine;
    private final boolean ownsThreads;
    private final int maxUsers;
    private final Duration evictionGrace;
    private final Duration closeTimeout;
    private final ConcurrentHashMap<String, UserServices> users = new ConcurrentHashMap<>();
    private final AtomicBoolean makingRoom = new AtomicBoolean();
    private volatile boolean closed;

    private ServiceCache(Builder builder) {
        this.ownsThreads = builder.threads == null;
        this.engine = new CacheEngine(
                new ServiceKinds(builder.factories, builder.settings),
                builder.resources,
                builder.threads == null ? EngineThreads.create() : builder.threads,
                builder.ticker,
                new Epochs(builder.ticker),
                builder.loadTimeout,
                new CacheEngine.Counters());
        this.maxUsers = builder.maxUsers;
        this.evictionGrace = builder.evictionGrace;
        this.closeTimeout = builder.closeTimeout;
    }

    /** Starts a cache. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a user's service, made first if need be. For a service that is there this takes well below a microsecond;
     * otherwise it waits for the load timeout at most. A caller that gives up does not cancel the making for others.
     *
     * @throws ServiceException if it cannot be had, with the reason
     * @throws IllegalArgumentException if the user is blank
     */
    public <S> S get(String user, Class<S> type) {
        ServiceKind<S> kind = engine.kinds().of(type);
        UserServices services = users.get(user);
        Object service = services == null ? null : services.ready(kind);
        if (service == null) {
            var key = new ServiceKey(user, kind.name());
            service = UserServices.await(loadCounted(key, kind), key, engine.loadTimeout());
        } else {
            engine.counters().hits.increment();
        }
        return type.cast(service);
    }

    /** As {@link #get} for callers that must not block; the stage fails with the same exceptions. */
    public <S> CompletionStage<S> getAsync(String user, Class<S> type) {
        ServiceKind<S> kind = engine.kinds().of(type);
        UserServices services = users.get(user);
        Object service = services == null ? null : services.ready(kind);
        if (service != null) {
            engine.counters().hits.increment();
            return CompletableFuture.completedFuture(type.cast(service));
        }
        return loadInTime(new ServiceKey(user, kind.name()), kind).thenApply(type::cast);
    }

    /**
     * Makes a service ahead of its first use. The stage completes with it, or fails as {@link #get} does, within the load
     * timeout; never blocks.
     *
     * @throws ServiceException if no factory makes such a service
     */
    public CompletionStage<Object> load(ServiceKey key) {
        return loadInTime(key, engine.kinds().named(key.service()));
    }

    /** A stage of the caller's own: it fails when the time is up, and to cancel it cancels nothing for others. */
    private CompletableFuture<Object> loadInTime(ServiceKey key, ServiceKind<?> kind) {
        CompletableFuture<Object> mine = loadCounted(key, kind).copy();
        if (!mine.isDone()) {
            Runnable giveUp = () -> mine.completeExceptionally(ServiceException.timeout(key, engine.loadTimeout()));
            engine.failLater(mine, giveUp);
        }
        return mine;
    }

    private CompletableFuture<Object> loadCounted(ServiceKey key, ServiceKind<?> kind) {
        engine.counters().misses.increment();
        return load(key, kind);
    }

    private CompletableFuture<Object> load(ServiceKey key, ServiceKind<?> kind) {
        if (closed) {
            return CompletableFuture.failedFuture(ServiceException.closed(key));
        }
        engine.epochs().start(engine.threads(), evictionGrace);
        UserServices services = users.computeIfAbsent(key.user(), this::newUser);
        if (closed) {
            // INVARIANT: close() sets closed, then stops the timer and closes all users; here the timer is
            // started, a user is added, then closed is read. So neither is missed by both.
            engine.epochs().stop();
            services.close();
            return CompletableFuture.failedFuture(ServiceException.closed(key));
        }
        CompletableFuture<Object> loading = services.load(kind);
        if (loading == null) {
            return services.closed().thenCompose(done -> load(key, kind));
        }
        if (users.size() > maxUsers) {
            makeRoom();
        }
        return loading.exceptionallyCompose(failure -> wasEvicted(failure, services)
                ? services.closed().thenCompose(done -> load(key, kind))
                : CompletableFuture.failedFuture(failure));
    }

    private UserServices newUser(String user) {
        var self = new UserServices[1];
        self[0] = new UserServices(user, engine, () -> users.remove(user, self[0]));
        return self[0];
    }

    private boolean wasEvicted(Throwable failure, UserServices services) {
        return !closed
                && services.isClosing()
                && failure instanceof ServiceException service
                && service.code() == ServiceException.Code.CLOSED;
    }

    /** Closes the users that were not seen for longest, a twentieth more than needed, so that this is seldom done. */
    private void makeRoom() {
        if (makingRoom.compareAndSet(false, true)) {
            try {
                engine.threads().closers().execute(() -> {
                    try {
                        evictUnused(users.size() - maxUsers + maxUsers / 20);
                    } finally {
                        makingRoom.set(false);
                    }
                });
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                makingRoom.set(false); // The engine has ended, or has no thread to spare: the next caller tries.
            }
        }
    }

    private void evictUnused(int count) {
        long unusedSince = engine.ticker().nanoTime() - evictionGrace.toNanos();
        record Candidate(UserServices services, long lastSeenNanos) {}
        users.values().stream()
                .map(services -> new Candidate(services, services.lastSeenNanos() - unusedSince))
                .filter(candidate -> candidate.lastSeenNanos() <= 0)
                .sorted(Comparator.comparingLong(Candidate::lastSeenNanos))
                .limit(Math.max(0, count))
                .filter(candidate -> candidate.services().closeIfUnusedSince(unusedSince))
                .forEach(candidate -> engine.counters().evictions.increment());
    }

    /** Closes the services of a user, if there are any; completes when they are closed. A new request makes new ones. */
    public CompletionStage<@Nullable Void> evict(String user) {
        UserServices services = users.get(user);
        if (services == null) {
            return CompletableFuture.completedFuture(null);
        }
        engine.counters().evictions.increment();
        return services.close().copy();
    }

    /** As {@link #evict}, for all users; completes when all their services are closed. */
    public CompletionStage<@Nullable Void> evictAll() {
        return CompletableFuture.allOf(users.keySet().stream()
                .map(user -> evict(user).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Returns the names of the services that can be made, in order. */
    public Set<String> serviceNames() {
        return engine.kinds().names();
    }

    /**
     * Returns users that have services, those who were seen last first. Reads all users without a lock, so that no request
     * waits for it: for people who look, not for each request.
     *
     * @param most so many are listed; the others are counted
     * @param wanted which names; called for each user, on this thread
     * @throws IllegalArgumentException if {@code most} is negative
     */
    public ServiceUsers users(int most, Predicate<String> wanted) {
        if (most < 0) {
            throw new IllegalArgumentException("most is " + most + "; accepted: 0 or more");
        }
        long nowNanos = engine.ticker().nanoTime();
        record Seen(String user, UserServices services, long unseenNanos) {}
        List<Seen> all = new ArrayList<>();
        users.forEach((user, services) -> {
            if (wanted.test(user)) {
                all.add(new Seen(user, services, Math.max(0, nowNanos - services.lastSeenNanos())));
            }
        });
        all.sort(Comparator.comparingLong(Seen::unseenNanos).thenComparing(Seen::user));
        List<ServiceUsers.User> listed = all.stream()
                .limit(most)
                .map(seen -> new ServiceUsers.User(
                        seen.user(), seen.services().names(), Duration.ofNanos(seen.unseenNanos())))
                .toList();
        return new ServiceUsers(listed, all.size() - listed.size());
    }

    /** Returns what the cache went through so far. */
    public ServiceCacheStats stats() {
        CacheEngine.Counters counters = engine.counters();
        return new ServiceCacheStats(
                users.size(),
                users.values().stream().mapToInt(UserServices::size).sum(),
                counters.hits.sum(),
                counters.misses.sum(),
                counters.loads.sum(),
                counters.failures.sum(),
                counters.evictions.sum(),
                Duration.ofNanos(counters.loadNanos.sum()));
    }

    /** Closes with the close timeout of the builder. */
    @Override
    public void close() {
        close(closeTimeout);
    }

    /**
     * Closes all services, each before those it depends on, and makes no more: what is not begun yet fails. Returns when all
     * are closed, or {@code timeout} has passed, or the thread was interrupted; what is still closing then goes on.
     *
     * @return whether all are closed
     */
    public boolean close(Duration timeout) {
        Deadline deadline = Deadline.after(timeout, engine.ticker());
        closed = true;
        engine.epochs().stop();
        List<CompletableFuture<?>> closing = new ArrayList<>();
        users.values().forEach(services -> closing.add(services.closeForGood()));
        CompletableFuture<?> all = CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new));
        try {
            Waiting.get(all, deadline.remaining());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException e) {
            long open = closing.stream().filter(one -> !one.isDone()).count();
            LOG.warn("the services of {} users were not closed within {}", open, Durations.format(timeout));
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("closing a user's services does not fail", e);
        } finally {
            if (ownsThreads) {
                all.whenComplete((done, failure) -> engine.threads().close());
            }
        }
    }

    /** Builds a {@link ServiceCache}. Not thread-safe. */
    public static final class Builder {

        private final List<ServiceFactory<?>> factories = new ArrayList<>();
        private final Map<String, ServiceSettings> settings = new HashMap<>();
        private ServiceResources resources = Builder::noResources;
        private @Nullable EngineThreads threads;
        private Ticker ticker = Ticker.system();
        private int maxUsers = 10_000;
        private Duration evictionGrace = Duration.ofSeconds(30);
        private Duration loadTimeout = Duration.ofSeconds(60);
        private Duration closeTimeout = Duration.ofSeconds(30);

        private Builder() {}

        private static <R> R noResources(String user, Class<R> type) {
            throw ServiceException.noResource(user, type, "this cache was built without resources");
        }

        /** Adds a kind of service. */
        public Builder factory(ServiceFactory<?> factory) {
            factories.add(Objects.requireNonNull(factory, "factory"));
            return this;
        }

        /** Adds kinds of services. */
        public Builder factories(Iterable<? extends ServiceFactory<?>> all) {
            all.forEach(this::factory);
            return this;
        }

        /** Sets what the services of this name are made with. */
        public Builder settings(String service, ServiceSettings newSettings) {
            settings.put(Objects.requireNonNull(service, "service"), Objects.requireNonNull(newSettings, "settings"));
            return this;
        }

        /** Sets which database a user's services live on. Unless set, there is none. */
        public Builder resources(ServiceResources newResources) {
            this.resources = newResources;
            return this;
        }

        /** Sets the threads to use; the cache does not end them. Unless set, it makes its own and ends them. */
        public Builder threads(EngineThreads newThreads) {
            this.threads = newThreads;
            return this;
        }

        /** Sets the source of time. */
        public Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        /** Sets how many users may have services before the least recently seen lose theirs; 10 000 unless set. */
        public Builder maxUsers(int newMaxUsers) {
            if (newMaxUsers < 1) {
                throw new IllegalArgumentException("maxUsers is " + newMaxUsers + "; accepted: 1 or more");
            }
            this.maxUsers = newMaxUsers;
            return this;
        }

        /**
         * Sets how long after a use a user's services are safe from being closed for room; 30 s unless set.
         *
         * @throws IllegalArgumentException if it is less than a second, within which uses are not told apart well enough, or
         *     more than a year
         */
        public Builder evictionGrace(Duration newEvictionGrace) {
            if (newEvictionGrace.compareTo(Duration.ofSeconds(1)) < 0
                    || newEvictionGrace.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException(
                        "evictionGrace is " + newEvictionGrace + "; accepted: 1 second to 365 days");
            }
            this.evictionGrace = newEvictionGrace;
            return this;
        }

        /** Sets how long a caller waits for a service to be made; 60 s unless set. */
        public Builder loadTimeout(Duration newLoadTimeout) {
            this.loadTimeout = newLoadTimeout;
            return this;
        }

        /** Sets how long {@link ServiceCache#close()} waits; 30 s unless set. */
        public Builder closeTimeout(Duration newCloseTimeout) {
            this.closeTimeout = newCloseTimeout;
            return this;
        }

        /**
         * Returns the cache.
         *
         * @throws IllegalArgumentException if two factories have one name or one type, or if one refuses its settings
         */
        public ServiceCache build() {
            return new ServiceCache(this);
        }
    }
}
