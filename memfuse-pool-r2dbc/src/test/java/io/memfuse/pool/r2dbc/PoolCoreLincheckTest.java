package io.memfuse.pool.r2dbc;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Borrowers who ask, execute, cancel and give back while connections die and the pool closes, under the interleavings that
 * Lincheck tries: whoever asked is answered once, unless he waits for one who holds a connection; what he was handed is his
 * alone, is not lost though he cancels in that moment, and has nothing sent on it once it is the next one's; and a pool that
 * is closed has nobody waiting and no connection left. The system property {@code memfuse.campaign} tries many more.
 */
class PoolCoreLincheckTest {

    /** What it is at inside is not under test. */
    private static final String CLOCK = ManualTime.class.getName();

    @Test
    void losesNobodyAndNothing() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(Campaign.iterations(2, 300))
                .invocationsPerIteration(Campaign.invocations(80, 10_000))
                .addGuarantee(forClasses(CLOCK + "$Scheduler", CLOCK + "$Task")
                        .allMethods()
                        .treatAsAtomic())
                .sequentialSpecification(NothingReturned.class)
                .check(Operations.class);
    }

    /** On threads as they run, for the model checker does not follow what the clock does. */
    @Test
    void losesNobodyThoughTimePasses() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(Campaign.iterations(15, 300))
                .invocationsPerIteration(Campaign.invocations(200, 20_000))
                .sequentialSpecification(NothingReturned.class)
                .check(AsTimePasses.class);
    }

    /** On a pool of one connection, which one borrower holds and another waits for. What became of it all is looked at when all threads have come to rest. */
    @Param(name = "who", gen = IntGen.class, conf = "0:2")
    public static class Operations {

        private static final PoolSpec SPEC = PoolSpec.builder("r2dbc", "orders")
                .limits(PoolFixture.LIMITS.withSizes(0, 1))
                .build();

        final ManualTime time = new ManualTime();
        private final OneAtATime driver = new OneAtATime();
        private final PoolCore pool;
        private final Draining draining = new Draining();
        private final AtomicBoolean closing = new AtomicBoolean();
        private volatile boolean closed;
        private volatile boolean cutOff;

        /** Those who asked last. */
        private final AtomicReferenceArray<RacingBorrower> borrowers = new AtomicReferenceArray<>(3);

        private final List<RacingBorrower> all = new CopyOnWriteArrayList<>();

        public Operations() {
            PoolKey<ConnectionFactory> key = PoolKey.of(SPEC, ConnectionFactory.class);
            var threads = TestThreads.onCaller(time);
            pool = new PoolCore(
                    new PoolContext(key, PoolListener.NONE, time.scheduler(), threads.openers(), time),
                    SPEC.limits(),
                    driver);
            ask(0);
            ask(1);
        }

        @Operation(params = "who")
        public void ask(int who) {
            RacingBorrower before = borrowers.get(who);
            var borrower = new RacingBorrower(driver);
            if ((before == null || before.isOver()) && borrowers.compareAndSet(who, before, borrower)) {
                all.add(borrower);
                borrower.ask(pool);
            }
        }

        @Operation(params = "who")
        public void execute(int who) {
            RacingBorrower borrower = borrowers.get(who);
            if (borrower != null) {
                borrower.execute();
            }
        }

        @Operation(params = "who")
        public void giveBack(int who) {
            RacingBorrower borrower = borrowers.get(who);
            if (borrower != null) {
                borrower.giveBack();
            }
        }

        @Operation(params = "who")
        public void cancel(int who) {
            RacingBorrower borrower = borrowers.get(who);
            if (borrower != null) {
                borrower.cancel();
            }
        }

        @Operation
        public void theConnectionDies() {
            driver.cutOffByServer();
        }

        @Operation
        public void close() {
            if (closing.compareAndSet(false, true)) {
                pool.tell(() -> pool.drain(draining));
                closed = true;
            }
        }

        /** As a drain does with those who hold a connection for too long. */
        @Operation
        public void closeAndCutOff() {
            close();
            if (closed) {
                pool.tell(() -> {
                    List<Loan> loans = pool.members().loans();
                    pool.follow(() -> loans.forEach(Loan::abort));
                });
                cutOff = true;
            }
        }

        @Validate
        public void allAreAnsweredAndNothingIsLost() {
            long holding =
                    cutOff ? 0 : all.stream().filter(RacingBorrower::holds).count();
            long waiting = all.stream().filter(RacingBorrower::waits).count();
            require(all.stream().noneMatch(RacingBorrower::wasAnsweredTwice), "somebody was answered twice");
            require(!driver.wasShared(), "one connection was lent to two");
            require(!driver.wasSentOnForAnother(), "something was under way when the next borrower was served");
            require(all.stream().noneMatch(RacingBorrower::executedTooLate), "somebody executed after he gave back");
            require(pool.stats().active() == holding, "a connection is lent that nobody holds, or the reverse");
            require(pool.stats().waiting() == waiting, "somebody waits who is not in the queue, or the reverse");
            require(waiting == 0 || holding == 1, "somebody waits for nothing");
            if (closed) {
                require(waiting == 0, "somebody waits at a closed pool");
                require(draining.returned().isDone() == (holding == 0), "not closed when all has come back");
                require(draining.closed().isDone() == (holding == 0), "not closed, or too early");
                require(holding == 1 || !driver.isConnected(), "a connection was left behind");
            }
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException(otherwise);
            }
        }
    }

    @Param(name = "who", gen = IntGen.class, conf = "0:2")
    public static class AsTimePasses extends Operations {

        private final AtomicBoolean passed = new AtomicBoolean();

        /** Those who wait have waited for long enough, and what is idle is not trusted any more. */
        @Operation
        public void letTimePass() {
            if (passed.compareAndSet(false, true)) {
                time.advance(PoolFixture.TIMEOUT);
            }
        }
    }

    /** No operation returns anything that depends on the order. */
    public static class NothingReturned {

        public void ask(int who) {}

        public void execute(int who) {}

        public void giveBack(int who) {}

        public void cancel(int who) {}

        public void letTimePass() {}

        public void theConnectionDies() {}

        public void close() {}

        public void closeAndCutOff() {}
    }
}
