package io.memfuse.pool.r2dbc;

import io.memfuse.core.testing.Campaign;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Steps from several threads under the interleavings that Lincheck tries: each is decided once, never while another is, those of
 * one thread in their order, and what follows is done once; no thread waits for another. The system property
 * {@code memfuse.campaign} tries many more.
 */
class MailboxLincheckTest {

    @Test
    void decidesEachStepOnceAndNeverTwoAtATime() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(Campaign.iterations(2, 200))
                .invocationsPerIteration(Campaign.invocations(300, 20_000))
                .checkObstructionFreedom(true)
                .sequentialSpecification(NothingReturned.class)
                .check(Operations.class);
    }

    /** What is found out is looked at when all threads have come to rest. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Operations {

        private static final int THREADS = 8;

        private final Mailbox mailbox = new Mailbox("orders", Runnable::run);

        /** By thread; each is touched by its thread only. */
        private final int[] brought = new int[THREADS];

        // Touched by decisions only: plain, so that two at a time would be seen.
        private final int[] decided = new int[THREADS];
        private boolean deciding;
        private boolean overlapped;
        private boolean outOfOrder;

        private final AtomicInteger followed = new AtomicInteger();

        @Operation(params = "thread")
        public void bring(int thread) {
            int number = brought[thread]++;
            submit(Step.deciding(() -> {
                decide(thread, number);
                mailbox.follow(Step.following(followed::incrementAndGet));
            }));
        }

        /** What follows brings another one, as a borrower does who gives back when he is served. */
        @Operation(params = "thread")
        public void bringOneThatBringsAnother(int thread) {
            int number = brought[thread]++;
            Step another = Step.deciding(() -> mailbox.follow(Step.following(followed::incrementAndGet)));
            submit(Step.deciding(() -> {
                decide(thread, number);
                mailbox.follow(Step.following(() -> submit(another)));
            }));
        }

        /** Whoever decides this one cannot go on, having run out of stack, say, and another does in his place. */
        @Operation(params = "thread")
        public void bringOneThatStopsWhoDecidesIt(int thread) {
            submit(new Stopping(this, thread, brought[thread]++));
        }

        private void submit(Step step) {
            try {
                mailbox.submit(step);
            } catch (IllegalStateException onPurpose) {
                // What matters is what becomes of the steps.
            }
        }

        private void decide(int thread, int number) {
            overlapped |= deciding;
            deciding = true;
            outOfOrder |= decided[thread] != number;
            decided[thread]++;
            deciding = false;
        }

        @Validate
        public void eachWasDecidedOnce() {
            int all = 0;
            for (int thread = 0; thread < THREADS; thread++) {
                require(decided[thread] == brought[thread], "a step was lost, or decided twice");
                all += brought[thread];
            }
            require(!overlapped, "two steps were decided at a time");
            require(!outOfOrder, "steps of one thread were not decided in their order");
            require(followed.get() == all, "what follows was lost, or done twice");
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException(otherwise);
            }
        }
    }

    /** Fails between its decision and what follows, once. */
    private static final class Stopping extends Step {

        private final Operations operations;
        private final int thread;
        private final int number;
        private boolean failed;

        Stopping(Operations operations, int thread, int number) {
            this.operations = operations;
            this.thread = thread;
            this.number = number;
        }

        @Override
        void decide() {
            operations.decide(thread, number);
            operations.mailbox.follow(this);
        }

        @Override
        boolean isForBorrower() {
            if (!failed) {
                failed = true;
                throw new IllegalStateException("thrown on purpose");
            }
            return false;
        }

        @Override
        void act() {
            operations.followed.incrementAndGet();
        }
    }

    /** No operation returns anything that depends on the order. */
    public static class NothingReturned {

        public void bring(int thread) {}

        public void bringOneThatBringsAnother(int thread) {}

        public void bringOneThatStopsWhoDecidesIt(int thread) {}
    }
}
