package io.memfuse.core.testing;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A technology without a database: pools whose opening a test scripts. A resource tells the number of the pool behind it,
 * counted from 1 in the order of opening. Thread-safe.
 */
public final class FakePoolProvider implements PoolProvider<FakePoolProvider.Resource> {

    /** What callers use of a fake pool. */
    public interface Resource {

        /** Returns the number of the pool behind it; fails if that pool is closed. */
        int use();
    }

    /** What an opening does instead of making a pool; may throw or block. */
    @FunctionalInterface
    public interface Script {

        /** Returns normally if a pool is to be made. */
        void open(PoolSpec spec, PoolContext context) throws Exception;
    }

    /** The name of the provider. */
    public static final String NAME = "fake";

    private static final Script SUCCEED = (spec, context) -> {};

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Pool> pools = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Script warmUps = SUCCEED;
    private volatile Consumer<Pool> pooling = pool -> {};

    /** Returns a spec for a fake database. */
    public static PoolSpec spec(String database) {
        return PoolSpec.builder(NAME, database).build();
    }

    /** Returns a spec for a fake database with these sizes. */
    public static PoolSpec spec(String database, int minSize, int maxSize) {
        return PoolSpec.builder(NAME, database)
                .limits(PoolLimits.DEFAULTS.withSizes(minSize, maxSize))
                .build();
    }

    /** Scripts the openings of a database from now on. */
    public FakePoolProvider script(String database, Script script) {
        scripts.put(database, script);
        return this;
    }

    /** Scripts the filling of the pools that are opened from now on. */
    public void scriptWarmUps(Script script) {
        warmUps = script;
    }

    /** Changes the pools that are made from now on. */
    public void scriptPools(Consumer<Pool> change) {
        pooling = change;
    }

    /** Lets the openings of a database succeed from now on. */
    public void heal(String database) {
        scripts.remove(database);
    }

    /** Waits as a driver does that does not heed interrupts. */
    public static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how often an opening was tried. */
    public int attempts() {
        return attempts.get();
    }

    /** Returns the pools that were made, in order. */
    public List<Pool> pools() {
        return List.copyOf(pools);
    }

    /** Returns a pool that no provider opened, for tests of what is done with one. */
    public static PoolHandle<Resource> pool(PoolSpec spec) {
        ManualTime time = new ManualTime();
        var context = new PoolContext(
                PoolKey.of(spec, Resource.class), PoolListener.NONE, time.scheduler(), Runnable::run, time);
        return new Pool(spec, context, 1, SUCCEED);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Resource> resourceType() {
        return Resource.class;
    }

    @Override
    public boolean connectsTo(Endpoints endpoints) {
        return true;
    }

    @Override
    public PoolHandle<Resource> open(PoolSpec spec, PoolContext context) throws Exception {
        attempts.incrementAndGet();
        scripts.getOrDefault(spec.database(), SUCCEED).open(spec, context);
        var pool = new Pool(spec, context, pools.size() + 1, warmUps);
        pooling.accept(pool);
        pools.add(pool);
        return pool;
    }

    @Override
    public Resource durable(PoolRoute<Resource> route) {
        return () -> {
            while (true) {
                try {
                    return route.current().use();
                } catch (PoolClosedException e) {
                    if (!e.retryable()) {
                        throw e;
                    }
                }
            }
        };
    }

    /** A fake pool; remembers what was done to it. */
    public static final class Pool implements PoolHandle<Resource> {

        private final PoolSpec spec;
        private final PoolContext context;
        private final int number;
        private final AtomicInteger connections = new AtomicInteger(1);
        private final AtomicInteger active = new AtomicInteger();
        private final AtomicInteger closes = new AtomicInteger();
        private final AtomicLong loans = new AtomicLong();
        private volatile int waiting;
        private volatile Duration oldestWaiterAge = Duration.ZERO;
        private volatile int minSize;
        private volatile int maxSize;
        private volatile BiConsumer<Integer, Integer> resize = (newMinSize, newMaxSize) -> {};
        private volatile Script warmUp;
        private volatile boolean noResource;
        private volatile @Nullable Exception resourceFailure;
        private volatile @Nullable Exception statsFailure;
        private volatile Runnable beforeStats = () -> {};
        private volatile Runnable softEvict = () -> {};
        private volatile @Nullable Exception closeFailure;
        private volatile Function<Duration, List<AbortedConnection>> drain = drainTimeout -> List.of();
        private volatile Script probe = (probed, unused) -> {};
        private volatile Duration timeout;
        private volatile @Nullable RuntimeException timeoutFailure;

        Pool(PoolSpec spec, PoolContext context, int number, Script warmUp) {
            this.spec = spec;
            this.context = context;
            this.number = number;
            this.warmUp = warmUp;
            this.minSize = spec.limits().minSize();
            this.maxSize = spec.limits().maxSize();
            this.timeout = spec.limits().timeout();
            context.loans().countedBy(loans::get);
        }

        /** Lends so often without being timed. */
        public void lend(int times) {
            loans.addAndGet(times);
        }

        /** Lends once, to a borrower who waited so long. */
        public void lendTimed(Duration waited) {
            lend(1);
            context.listener().acquired(context.key(), waited.toNanos());
        }

        /** Scripts the filling of this pool. */
        public void scriptWarmUp(Script script) {
            this.warmUp = script;
        }

        /** Lets the pool have no resource from now on: it throws, or returns null if there is nothing to throw. */
        public void failResource(@Nullable Exception failure) {
            noResource = true;
            resourceFailure = failure;
        }

        /** Lets the pool throw when it is asked for its numbers. */
        public void failStats(Exception failure) {
            statsFailure = failure;
        }

        /** Runs something, which may block, each time the pool is asked for its numbers. */
        public void beforeStats(Runnable action) {
            beforeStats = action;
        }

        /** Lets the pool throw when it is closed. */
        public void failClose(Exception failure) {
            closeFailure = failure;
        }

        /** Scripts how the pool waits for its borrowers when it is closed, and what it has to abort; may block. */
        public void scriptDrain(Function<Duration, List<AbortedConnection>> script) {
            drain = script;
        }

        /** Throws anything, checked or not, as a careless implementation may. */
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <E extends Exception> void throwIfAny(@Nullable Exception failure) throws E {
            if (failure != null) {
                throw (E) failure;
            }
        }

        /** Scripts what a probe of this pool finds. */
        public void scriptProbe(Script script) {
            probe = script;
        }

        @Override
        public void probe(Duration timeout) throws InterruptedException {
            run(probe);
        }

        /** Returns what the engine gave the pool. */
        public PoolContext context() {
            return context;
        }

        /** Lets the pool have so many physical connections. */
        public void connections(int count) {
            connections.set(count);
        }

        /** Takes connections from the pool, or gives them back if {@code count} is negative. */
        public void borrow(int count) {
            active.addAndGet(count);
        }

        /** Lets so many borrowers wait, the oldest for so long. */
        public void waiting(int count, Duration age) {
            waiting = count;
            oldestWaiterAge = age;
        }

        /** Returns what it was opened with. */
        public PoolSpec spec() {
            return spec;
        }

        /** Returns how often it was closed. */
        public int closes() {
            return closes.get();
        }

        @Override
        @SuppressWarnings("NullAway") // what a pool without null checks may do
        public Resource resource() {
            Pool.<RuntimeException>throwIfAny(resourceFailure);
            if (noResource) {
                return null;
            }
            return () -> {
                if (closes.get() > 0) {
                    throw PoolClosedException.drained(context.key());
                }
                return number;
            };
        }

        @Override
        public PoolStats stats() {
            beforeStats.run();
            Pool.<RuntimeException>throwIfAny(statsFailure);
            return new PoolStats(
                    connections.get(),
                    active.get(),
                    Math.max(0, connections.get() - active.get()),
                    waiting,
                    oldestWaiterAge,
                    minSize,
                    maxSize);
        }

        @Override
        public void warmUp(Duration timeout) throws InterruptedException {
            run(warmUp);
            connections.set(Math.max(connections.get(), minSize));
        }

        private void run(Script script) throws InterruptedException {
            try {
                script.open(spec, context);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                Pool.<RuntimeException>throwIfAny(e);
            }
        }

        /** Scripts how the pool takes other sizes; may block or throw. */
        public void scriptResize(BiConsumer<Integer, Integer> script) {
            resize = script;
        }

        @Override
        public void resize(int newMinSize, int newMaxSize) {
            resize.accept(newMinSize, newMaxSize);
            minSize = newMinSize;
            maxSize = newMaxSize;
        }

        /** Lets the pool refuse another timeout. */
        public void failSetTimeout(RuntimeException failure) {
            timeoutFailure = failure;
        }

        @Override
        public void setTimeout(Duration newTimeout) {
            Pool.<RuntimeException>throwIfAny(timeoutFailure);
            timeout = newTimeout;
        }

        /** Returns how long it may take to obtain a connection. */
        public Duration timeout() {
            return timeout;
        }

        @Override
        public void evictIdle() {
            throw new UnsupportedOperationException("no test evicts from a fake");
        }

        /** Scripts how the pool replaces its connections; may block or throw. */
        public void scriptSoftEvict(Runnable script) {
            softEvict = script;
        }

        @Override
        public void softEvict() {
            softEvict.run();
        }

        @Override
        public DrainReport close(Duration drainTimeout) {
            closes.incrementAndGet();
            connections.set(0);
            Pool.<RuntimeException>throwIfAny(closeFailure);
            return new DrainReport(context.key(), drain.apply(drainTimeout), Duration.ZERO);
        }
    }
}
