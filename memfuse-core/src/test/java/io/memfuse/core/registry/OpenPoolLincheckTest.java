package io.memfuse.core.registry;

import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Counting leases against draining, under the interleavings that Lincheck tries. The system property
 * {@code memfuse.campaign} tries many more.
 */
class OpenPoolLincheckTest {

    @Test
    void countsLeasesAndIsClosedOnlyAfterTheLast() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(Campaign.iterations(6, 300))
                .invocationsPerIteration(Campaign.invocations(200, 10_000))
                .checkObstructionFreedom(true)
                .sequentialSpecification(Specification.class)
                .check(Operations.class);
    }

    /** Each thread has one lease at most; it may give it back twice. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Operations {

        private static final PoolSpec SPEC = FakePoolProvider.spec("orders");

        private final OpenPool<Resource> pool =
                new OpenPool<>(PoolKey.of(SPEC, Resource.class), FakePoolProvider.pool(SPEC), new LoanCounter(), 0);
        private final AtomicBoolean drained = new AtomicBoolean();

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array, so that Lincheck sees no other algorithm than ours
        private final @Nullable PoolLease<Resource>[] held = new PoolLease[8];

        @Operation(params = "thread")
        public boolean lease(int thread) {
            PoolLease<Resource> mine = held[thread];
            if (mine == null) {
                held[thread] = pool.tryLease();
            }
            return held[thread] != null;
        }

        @Operation(params = "thread")
        public boolean release(int thread) {
            PoolLease<Resource> mine = held[thread];
            if (mine == null) {
                return false;
            }
            held[thread] = null;
            mine.close();
            mine.close();
            return true;
        }

        @Operation
        public int leases() {
            return pool.leases();
        }

        @Operation
        public void drain() {
            if (drained.compareAndSet(false, true)) {
                pool.drain();
            }
        }

        /** Whoever closes the pool does it when this is done. */
        @Operation
        public boolean isClosableWhileLeased() {
            return pool.unleased().isDone() && pool.leases() > 0;
        }

        @Validate
        public void isClosableOnceAllHasComeBack() {
            if (pool.unleased().isDone() != (drained.get() && pool.leases() == 0)) {
                throw new IllegalStateException("a pool that drains and has no lease is not closed, or another one is");
            }
        }
    }

    /** The same, one after the other. */
    public static class Specification {

        private final boolean[] held = new boolean[8];
        private boolean draining;

        public boolean lease(int thread) {
            held[thread] |= !draining;
            return held[thread];
        }

        public boolean release(int thread) {
            boolean was = held[thread];
            held[thread] = false;
            return was;
        }

        public int leases() {
            int count = 0;
            for (boolean one : held) {
                count += one ? 1 : 0;
            }
            return count;
        }

        public void drain() {
            draining = true;
        }

        public boolean isClosableWhileLeased() {
            return false;
        }
    }
}
