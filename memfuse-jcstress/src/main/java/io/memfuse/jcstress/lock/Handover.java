package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
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
import org.openjdk.jcstress.infra.results.L_Result;

/** The last one leaves while the next one comes: one of the two sees the other, and the next one is let in. */
final class Handover {

    private Handover() {}

    private static String arrival(CompletableFuture<LockHold> waiter) {
        return waiter.isDone() ? "at once" : "queued";
    }

    @JCStressTest
    @Outcome(id = "at once, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "it came after the reader left")
    @Outcome(id = "queued, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the reader that left let it in")
    @Outcome(id = ".*, lost, .*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class ReaderLeavesAsWriterComes {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold reader = Locks.mustRead(lock);
        private CompletableFuture<LockHold> next = new CompletableFuture<>();

        @Actor
        public void leave() {
            reader.close();
        }

        @Actor
        public void come(LLL_Result r) {
            next = Locks.write(lock);
            r.r1 = arrival(next);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(next);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "at once, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "it came after the writer left")
    @Outcome(id = "queued, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the writer that left let it in")
    @Outcome(id = ".*, lost, .*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class WriterLeavesAsWriterComes {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold writer = Locks.mustWrite(lock);
        private CompletableFuture<LockHold> next = new CompletableFuture<>();

        @Actor
        public void leave() {
            writer.close();
        }

        @Actor
        public void come(LLL_Result r) {
            next = Locks.write(lock);
            r.r1 = arrival(next);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(next);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "at once, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "it came after the writer left")
    @Outcome(id = "queued, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the writer that left let it in")
    @Outcome(id = ".*, lost, .*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class WriterLeavesAsReaderComes {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold writer = Locks.mustWrite(lock);
        private CompletableFuture<LockHold> next = new CompletableFuture<>();

        @Actor
        public void leave() {
            writer.close();
        }

        @Actor
        public void come(LLL_Result r) {
            next = Locks.read(lock);
            r.r1 = arrival(next);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(next);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "granted, free", expect = ACCEPTABLE, desc = "the last of the two let the writer in")
    @Outcome(id = "lost, .*", expect = FORBIDDEN, desc = "each reader left it to the other")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class TheLastTwoReadersLeave {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold first = Locks.mustRead(lock);
        private final LockHold second = Locks.mustReadElsewhere(lock);
        private final CompletableFuture<LockHold> writer = Locks.write(lock);

        @Actor
        public void firstLeaves() {
            first.close();
        }

        @Actor
        public void secondLeaves() {
            second.close();
        }

        @Arbiter
        public void settle(LL_Result r) {
            r.r1 = Locks.settle(writer);
            r.r2 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "refused", expect = ACCEPTABLE, desc = "a writer waited, or was in")
    @Outcome(id = "in", expect = FORBIDDEN, desc = "a reader overtook a waiting writer")
    @State
    public static class AReaderTriesAsTheLockPassesToAWriter {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold reader = Locks.mustRead(lock);

        public AReaderTriesAsTheLockPassesToAWriter() {
            Locks.write(lock);
        }

        @Actor
        public void leave() {
            reader.close();
        }

        @Actor
        public void overtake(L_Result r) {
            r.r1 = Words.entry(lock.tryRead());
        }
    }

    @JCStressTest
    @Outcome(id = "refused", expect = ACCEPTABLE, desc = "a reader waited, or was in")
    @Outcome(id = "in", expect = FORBIDDEN, desc = "a writer overtook a waiting reader")
    @State
    public static class AWriterTriesAsTheLockPassesToAReader {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold writer = Locks.mustWrite(lock);

        public AWriterTriesAsTheLockPassesToAReader() {
            Locks.read(lock);
        }

        @Actor
        public void leave() {
            writer.close();
        }

        @Actor
        public void overtake(L_Result r) {
            r.r1 = Words.entry(lock.tryWrite());
        }
    }

    @JCStressTest
    @Outcome(id = "granted, free", expect = ACCEPTABLE, desc = "the writer was let in in the end")
    @Outcome(id = "lost, .*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class TwoReadersComeAndGoAsAWriterComes {

        private final AsyncReadWriteLock lock = Locks.create();
        private CompletableFuture<LockHold> writer = new CompletableFuture<>();

        @Actor
        public void firstReader() {
            comeAndGo();
        }

        @Actor
        public void secondReader() {
            comeAndGo();
        }

        private void comeAndGo() {
            LockHold hold = lock.tryRead();
            if (hold != null) {
                hold.close();
            }
        }

        @Actor
        public void writer() {
            writer = Locks.write(lock);
        }

        @Arbiter
        public void settle(LL_Result r) {
            r.r1 = Locks.settle(writer);
            r.r2 = Locks.afterwards(lock);
        }
    }
}
