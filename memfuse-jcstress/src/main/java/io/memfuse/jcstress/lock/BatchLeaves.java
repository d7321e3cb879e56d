package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A batch of readers, granted together from the queue, leaves while somebody comes: whoever of the three is the last to look
 * lets the next one in. Readers of a batch are spread over the stripes by turns, unlike those that come by themselves.
 */
final class BatchLeaves {

    private BatchLeaves() {}

    /** A lock in which two readers are, which a writer let in together when it left. */
    private static final class Batch {

        final AsyncReadWriteLock lock = Locks.create();
        final LockHold first;
        final LockHold second;

        Batch() {
            LockHold writer = Locks.mustWrite(lock);
            CompletableFuture<LockHold> one = Locks.read(lock);
            CompletableFuture<LockHold> other = Locks.read(lock);
            writer.close();
            first = one.join();
            second = other.join();
        }
    }

    @JCStressTest
    @Outcome(id = "granted, free", expect = ACCEPTABLE, desc = "the writer was let in, by whoever was last")
    @Outcome(id = "lost, .*", expect = FORBIDDEN, desc = "each left it to the others: a wake-up was lost")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @Outcome(expect = FORBIDDEN, desc = "something was left behind")
    @State
    public static class AsAWriterComes {

        private final Batch batch = new Batch();
        private CompletableFuture<LockHold> writer = new CompletableFuture<>();

        @Actor
        public void firstLeaves() {
            batch.first.close();
        }

        @Actor
        public void secondLeaves() {
            batch.second.close();
        }

        @Actor
        public void come() {
            writer = Locks.write(batch.lock);
        }

        @Arbiter
        public void settle(LL_Result r) {
            r.r1 = Locks.settle(writer);
            r.r2 = Locks.afterwards(batch.lock);
        }
    }

    @JCStressTest
    @Outcome(
            id = "granted, granted, free",
            expect = ACCEPTABLE,
            desc = "the writer was let in, and then the second batch")
    @Outcome(id = "lost, .*", expect = FORBIDDEN, desc = "nobody let the writer in: a wake-up was lost")
    @Outcome(id = ".*, lost, .*", expect = FORBIDDEN, desc = "nobody let the second batch in: a wake-up was lost")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @Outcome(expect = FORBIDDEN, desc = "something was left behind")
    @State
    public static class AsASecondBatchComesBehindAWriter {

        private final Batch batch = new Batch();
        private final CompletableFuture<LockHold> writer = Locks.write(batch.lock);
        private CompletableFuture<LockHold> one = new CompletableFuture<>();
        private CompletableFuture<LockHold> other = new CompletableFuture<>();

        @Actor
        public void firstLeaves() {
            batch.first.close();
        }

        @Actor
        public void secondLeaves() {
            batch.second.close();
        }

        @Actor
        public void secondBatchComes() {
            one = Locks.read(batch.lock);
            other = Locks.read(batch.lock);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r1 = Locks.settle(writer);
            r.r2 = together(Locks.settle(one), Locks.settle(other));
            r.r3 = Locks.afterwards(batch.lock);
        }

        private static String together(String one, String other) {
            return one.equals(other) ? one : "lost";
        }
    }
}
