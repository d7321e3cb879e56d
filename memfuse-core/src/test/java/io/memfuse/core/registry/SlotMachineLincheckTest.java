package io.memfuse.core.registry;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.SlotMachine.Change;
import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Opening, evicting, replacing, resizing and closing one slot from several threads, under the interleavings that Lincheck tries: one
 * attempt at a time, and each pool that was opened leaves exactly once. The system property {@code memfuse.campaign} tries
 * many more.
 */
class SlotMachineLincheckTest {

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .iterations(Campaign.iterations(4, 500))
                .invocationsPerIteration(Campaign.invocations(100, 10_000))
                .checkObstructionFreedom(true)
                .sequentialSpecification(Specification.class)
                .check(Operations.class);
    }

    /** Each thread makes the attempt that it began. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Operations {

        private static final PoolSpec SPEC = FakePoolProvider.spec("orders");
        private static final PoolSpec OTHER = FakePoolProvider.spec("orders", 1, 2);
        private static final PoolKey<Resource> KEY = PoolKey.of(SPEC, Resource.class);
        private final PoolOpenException failure =
                PoolOpenException.attemptFailed(KEY, FailureKind.OTHER, "refused", Duration.ZERO, null);

        private final SlotMachine<Resource> machine = new SlotMachine<>(SPEC);

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array, so that Lincheck sees no other algorithm than ours
        private final @Nullable Attempt<Resource>[] attempts = new Attempt[8];

        @Operation(params = "thread")
        public boolean ask(int thread) {
            Attempt<Resource> attempt = Attempt.toOpen(SPEC, 1, 0);
            return begun(thread, machine.apply(state -> state.asked(attempt)));
        }

        private boolean begun(int thread, Change<Resource> change) {
            Attempt<Resource> attempt = change.after().attempt();
            boolean begun = change.happened() && attempt != null;
            if (begun) {
                attempts[thread] = attempt;
            }
            return begun;
        }

        /** Begins to replace by settings that are never those in place. */
        @Operation(params = "thread")
        public boolean replace(int thread) {
            return begun(thread, machine.apply(state -> state.replaced(Attempt.toReplace(other(state), 0))));
        }

        /** Returns whether the pool serves, and whether another left for it; null if no attempt is this thread's. */
        @Operation(params = "thread")
        public @Nullable String succeed(int thread) {
            Attempt<Resource> mine = attempts[thread];
            if (mine == null) {
                return null;
            }
            attempts[thread] = null;
            var pool = new OpenPool<Resource>(KEY, FakePoolProvider.pool(SPEC), new LoanCounter(), 0);
            return describe(machine.apply(state -> state.opened(mine, pool)));
        }

        @Operation(params = "thread")
        public @Nullable String fail(int thread) {
            Attempt<Resource> mine = attempts[thread];
            if (mine == null) {
                return null;
            }
            attempts[thread] = null;
            return describe(machine.apply(state -> state.failed(mine, failure, 0)));
        }

        @Operation
        public String evict() {
            return describe(machine.apply(SlotState::evicted));
        }

        @Operation
        public String close() {
            return describe(machine.apply(state -> state.closed(CloseReason.SHUT_DOWN)));
        }

        /** Resizes to what is never in place. */
        @Operation
        public String resize() {
            return describe(machine.apply(state -> state.adjusted(other(state))));
        }

        private static PoolSpec other(SlotState<Resource> state) {
            return state.spec.equals(SPEC) ? OTHER : SPEC;
        }

        private static String describe(Change<Resource> change) {
            return (change.happened() ? "happened" : "refused")
                    + (change.departed() == null ? "" : ", a pool left")
                    + (change.abandoned() == null ? "" : ", an attempt is given up");
        }
    }

    /** The same, one after the other. */
    public static class Specification {

        private static final int NOBODY = -1;

        private final boolean[] begun = new boolean[8];
        private int owner = NOBODY;
        private boolean open;
        private boolean failed;
        private boolean closed;

        public boolean ask(int thread) {
            boolean begins = !closed && !open && owner == NOBODY;
            if (begins) {
                begin(thread);
                failed = false;
            }
            return begins;
        }

        public boolean replace(int thread) {
            boolean begins = !closed && open && owner == NOBODY;
            if (begins) {
                begin(thread);
            } else if (owner == NOBODY) {
                failed = false;
            }
            return begins;
        }

        private void begin(int thread) {
            owner = thread;
            begun[thread] = true;
        }

        public @Nullable String succeed(int thread) {
            if (!begun[thread]) {
                return null;
            }
            begun[thread] = false;
            if (owner != thread) {
                return "refused";
            }
            owner = NOBODY;
            boolean left = open;
            open = true;
            return left ? "happened, a pool left" : "happened";
        }

        public @Nullable String fail(int thread) {
            if (!begun[thread]) {
                return null;
            }
            begun[thread] = false;
            if (owner != thread) {
                return "refused";
            }
            owner = NOBODY;
            failed = !open;
            return "happened";
        }

        public String evict() {
            boolean left = open;
            boolean happens = left || (failed && owner == NOBODY);
            open = false;
            failed = false;
            return (happens ? "happened" : "refused") + (left ? ", a pool left" : "");
        }

        public String resize() {
            return closed || owner != NOBODY ? "refused" : "happened";
        }

        public String close() {
            if (closed) {
                return "refused";
            }
            String all =
                    "happened" + (open ? ", a pool left" : "") + (owner == NOBODY ? "" : ", an attempt is given up");
            closed = true;
            open = false;
            failed = false;
            owner = NOBODY;
            return all;
        }
    }
}
