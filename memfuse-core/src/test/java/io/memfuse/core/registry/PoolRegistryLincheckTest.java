package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The registry against a sequential model: whoever leases gets a pool with the settings of the last replacement, however it
 * is evicted, replaced and opened meanwhile, and nobody gets one after the registry was closed. The database is down at first:
 * until it comes up each opening fails, and afterwards the back-off still refuses everybody, for no time passes here, until
 * the pool is evicted or replaced. Each operation waits until it
 * is done, and in the end no pool is open but the one that serves; leases are given up at once when a pool drains, so that
 * none waits for another.
 *
 * <p>On real threads: to choose the interleavings of all that a registry runs through takes Lincheck too long. It does so for
 * the two parts on which the rest relies, {@link SlotMachineLincheckTest} and {@link OpenPoolLincheckTest}. The system property
 * {@code memfuse.campaign} tries many more.
 */
class PoolRegistryLincheckTest {

    @Test
    void isLinearizableOnRealThreads() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(4)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(Campaign.iterations(1, 200))
                .invocationsPerIteration(Campaign.invocations(30, 5_000))
                .sequentialSpecification(Specification.class)
                .check(Operations.class);
    }

    /** What is asked of one registry with one database. Openings and drains run on the threads that cause them. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Operations {

        private final ManualTime time = new ManualTime();
        private final FakePoolProvider provider = new FakePoolProvider().script("orders", (spec, context) -> {
            throw new IllegalStateException("down");
        });
        private final PoolRegistry registry = PoolRegistry.builder()
                .provider(provider)
                .threads(TestThreads.onCaller(time))
                .ticker(time)
                .drainTimeout(Duration.ZERO)
                .build();
        private final PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders", 0, 1), Resource.class);

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array, so that Lincheck sees no other algorithm than ours
        private final @Nullable PoolLease<Resource>[] held = new PoolLease[8];

        /** From then on openings succeed. */
        @Operation
        public void comeUp() {
            provider.heal("orders");
        }

        /** Returns the settings of the pool that was leased, -1 if the registry is closed, -2 if there is no pool to be had. */
        @Operation(params = "thread")
        public int lease(int thread) {
            release(thread);
            try {
                PoolLease<Resource> lease = registry.lease(key);
                held[thread] = lease;
                return lease.pool().stats().maxSize();
            } catch (PoolClosedException e) {
                return -1;
            } catch (PoolOpenException e) {
                return -2;
            }
        }

        @Operation(params = "thread")
        public void release(int thread) {
            PoolLease<Resource> mine = held[thread];
            if (mine != null) {
                mine.close();
                held[thread] = null;
            }
        }

        @Operation
        public void evict() {
            registry.evict(key).toCompletableFuture().join();
        }

        /** Returns false if the registry is closed. */
        @Operation(params = "thread")
        public boolean replace(int thread) {
            return registry.replace(key, FakePoolProvider.spec("orders", 0, 2 + thread))
                    .handle((report, failure) -> failure == null)
                    .toCompletableFuture()
                    .join();
        }

        @Operation
        public void close() {
            registry.close(Duration.ZERO);
        }

        /** Whatever happened: each pool but the one that serves was closed, and none twice. */
        @Validate
        public void everyPoolButTheOneThatServesWasClosedOnce() {
            int open = 0;
            for (FakePoolProvider.Pool pool : provider.pools()) {
                if (pool.closes() > 1) {
                    throw new AssertionError("a pool was closed " + pool.closes() + " times");
                }
                open += 1 - pool.closes();
            }
            int serving = registry.snapshot(key).state() == PoolState.OPEN ? 1 : 0;
            if (open != serving) {
                throw new AssertionError(open + " pools are open, and " + serving + " serve");
            }
        }
    }

    /** The same, one after the other. */
    public static class Specification {

        private int settings = 1;
        private boolean down = true;
        private boolean open;
        private boolean backsOff;
        private boolean closed;

        public void comeUp() {
            down = false;
        }

        public int lease(int thread) {
            if (closed) {
                return -1;
            }
            if (!open) {
                backsOff |= down;
                open = !backsOff;
            }
            return open ? settings : -2;
        }

        public void release(int thread) {}

        public void evict() {
            open = false;
            backsOff = false;
        }

        public boolean replace(int thread) {
            if (!closed) {
                backsOff &= settings == 2 + thread;
                settings = 2 + thread;
            }
            return !closed;
        }

        public void close() {
            closed = true;
        }
    }
}
