package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A waiter gives up in the moment in which it is granted the lock: it never owns what it gave up, and the grant is never lost.
 */
final class GivingUp {

    private GivingUp() {}

    private static String cancel(CompletableFuture<LockHold> waiter) {
        return waiter.cancel(false) ? "cancelled" : "too late";
    }

    private static String timeOut(CompletableFuture<LockHold> waiter) {
        return waiter.completeExceptionally(new TimeoutException()) ? "timed out" : "too late";
    }

    @JCStressTest
    @Outcome(id = "cancelled, gave up, free", expect = ACCEPTABLE_INTERESTING, desc = "it gave up in time")
    @Outcome(id = "too late, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the grant was faster")
    @Outcome(id = "cancelled, granted, .*", expect = FORBIDDEN, desc = "a cancelled waiter owned the lock")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "the grant was lost")
    @State
    public static class WriterCancelsAsItIsGranted {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustWrite(lock);
        private final CompletableFuture<LockHold> waiter = Locks.write(lock);

        @Actor
        public void leave() {
            before.close();
        }

        @Actor
        public void giveUp(LLL_Result r) {
            r.r1 = cancel(waiter);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(waiter);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "cancelled, gave up, free", expect = ACCEPTABLE_INTERESTING, desc = "it gave up in time")
    @Outcome(id = "too late, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the grant was faster")
    @Outcome(id = "cancelled, granted, .*", expect = FORBIDDEN, desc = "a cancelled waiter owned the lock")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "the grant was lost")
    @State
    public static class ReaderCancelsAsItIsGranted {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustWrite(lock);
        private final CompletableFuture<LockHold> waiter = Locks.read(lock);

        @Actor
        public void leave() {
            before.close();
        }

        @Actor
        public void giveUp(LLL_Result r) {
            r.r1 = cancel(waiter);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(waiter);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "timed out, gave up, free", expect = ACCEPTABLE_INTERESTING, desc = "its time was up first")
    @Outcome(id = "too late, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the grant was faster")
    @Outcome(id = "timed out, granted, .*", expect = FORBIDDEN, desc = "a waiter whose time was up owned the lock")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "the grant was lost")
    @State
    public static class StageTimesOutAsItIsGranted {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustRead(lock);
        private final CompletableFuture<LockHold> waiter = Locks.write(lock);

        @Actor
        public void leave() {
            before.close();
        }

        @Actor
        public void giveUp(LLL_Result r) {
            r.r1 = timeOut(waiter);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(waiter);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "timed out, free", expect = ACCEPTABLE_INTERESTING, desc = "its time was up first")
    @Outcome(id = "granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the grant was faster")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "the grant was lost")
    @State
    public static class ThreadTimesOutAsItIsGranted {

        private static final Duration MOMENT = Duration.ofNanos(500);

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustWrite(lock);

        @Actor
        public void leave() {
            before.close();
        }

        @Actor
        public void waitForAMoment(LL_Result r) {
            try {
                lock.writeBlocking(MOMENT).close();
                r.r1 = "granted";
            } catch (LockTimeoutException e) {
                r.r1 = "timed out";
            } catch (InterruptedException e) {
                r.r1 = "interrupted";
            }
        }

        @Arbiter
        public void settle(LL_Result r) {
            r.r2 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "cancelled, too late, 1 0", expect = ACCEPTABLE_INTERESTING, desc = "it was cancelled")
    @Outcome(id = "too late, timed out, 0 1", expect = ACCEPTABLE_INTERESTING, desc = "its time was up")
    @Outcome(expect = FORBIDDEN, desc = "it gave up twice, or not at all, or was counted wrong")
    @State
    public static class CancelledAsItTimesOut {

        private final AsyncReadWriteLock lock = Locks.create();
        private final CompletableFuture<LockHold> waiter;

        public CancelledAsItTimesOut() {
            Locks.mustWrite(lock);
            waiter = Locks.write(lock);
        }

        @Actor
        public void cancelIt(LLL_Result r) {
            r.r1 = cancel(waiter);
        }

        @Actor
        public void timeItOut(LLL_Result r) {
            r.r2 = timeOut(waiter);
        }

        @Arbiter
        public void count(LLL_Result r) {
            r.r3 = lock.metrics().cancellations() + " " + lock.metrics().timeouts();
        }
    }

    @JCStressTest
    @Outcome(id = "cancelled, granted, free", expect = ACCEPTABLE, desc = "the reader was let in")
    @Outcome(id = ".*, lost, .*", expect = FORBIDDEN, desc = "a reader was left outside, and nobody waited before it")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class WriterCancelsAsAReaderComes {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustRead(lock);
        private final CompletableFuture<LockHold> writer = Locks.write(lock);
        private CompletableFuture<LockHold> reader = new CompletableFuture<>();

        @Actor
        public void giveUp(LLL_Result r) {
            r.r1 = cancel(writer);
        }

        @Actor
        public void come() {
            reader = Locks.read(lock);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            r.r2 = Locks.settle(reader);
            before.close();
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "cancelled, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the writer gave up in time")
    @Outcome(id = "too late, granted, free", expect = ACCEPTABLE_INTERESTING, desc = "the writer was let in first")
    @Outcome(id = ".*, lost, .*", expect = FORBIDDEN, desc = "the reader that it kept out was left outside")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class WriterCancelsAsTheLastReaderLeaves {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustRead(lock);
        private final CompletableFuture<LockHold> writer = Locks.write(lock);
        private final CompletableFuture<LockHold> keptOut = Locks.read(lock);

        @Actor
        public void leave() {
            before.close();
        }

        @Actor
        public void giveUp(LLL_Result r) {
            r.r1 = cancel(writer);
        }

        @Arbiter
        public void settle(LLL_Result r) {
            Locks.settle(writer);
            r.r2 = Locks.settle(keptOut);
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "in, in, free", expect = ACCEPTABLE_INTERESTING, desc = "the reader came after the writer gave up")
    @Outcome(
            id = "refused, in, free",
            expect = ACCEPTABLE_INTERESTING,
            desc = "the reader came while the writer waited")
    @Outcome(id = ".*, refused, .*", expect = FORBIDDEN, desc = "a writer that gave up kept readers out")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release was lost")
    @State
    public static class WriterCancelsAsAReaderTries {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustRead(lock);
        private final CompletableFuture<LockHold> writer = Locks.write(lock);

        @Actor
        public void giveUp() {
            writer.cancel(false);
        }

        @Actor
        public void tryIt(LLL_Result r) {
            LockHold hold = lock.tryRead();
            r.r1 = Words.entry(hold);
            if (hold != null) {
                hold.close();
            }
        }

        @Arbiter
        public void settle(LLL_Result r) {
            LockHold next = lock.tryRead();
            r.r2 = Words.entry(next);
            if (next != null) {
                next.close();
            }
            before.close();
            r.r3 = Locks.afterwards(lock);
        }
    }
}
