package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockHold.Mode;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A hold is released by whoever has it, exactly once. */
final class Releasing {

    private Releasing() {}

    private static String release(LockHold hold) {
        try {
            hold.close();
            return "released";
        } catch (IllegalStateException e) {
            return "refused";
        }
    }

    @JCStressTest
    @Outcome(id = "released, refused, one reader in", expect = ACCEPTABLE_INTERESTING, desc = "the first was faster")
    @Outcome(id = "refused, released, one reader in", expect = ACCEPTABLE_INTERESTING, desc = "the second was faster")
    @Outcome(id = "released, released, .*", expect = FORBIDDEN, desc = "one hold was released twice")
    @Outcome(id = ".*, no reader in", expect = FORBIDDEN, desc = "one hold released another")
    @Outcome(expect = FORBIDDEN, desc = "the hold was not released")
    @State
    public static class AReadHoldTwiceAtOnce {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold hold = Locks.mustRead(lock);

        public AReadHoldTwiceAtOnce() {
            Locks.mustRead(lock);
        }

        @Actor
        public void first(LLL_Result r) {
            r.r1 = release(hold);
        }

        @Actor
        public void second(LLL_Result r) {
            r.r2 = release(hold);
        }

        @Arbiter
        public void count(LLL_Result r) {
            r.r3 = switch (lock.metrics().readersNow()) {
                case 0 -> "no reader in";
                case 1 -> lock.tryWrite() == null ? "one reader in" : "a writer with a reader in";
                default -> "both readers in";
            };
        }
    }

    @JCStressTest
    @Outcome(id = "released, refused, free", expect = ACCEPTABLE_INTERESTING, desc = "the first was faster")
    @Outcome(id = "refused, released, free", expect = ACCEPTABLE_INTERESTING, desc = "the second was faster")
    @Outcome(id = "released, released, .*", expect = FORBIDDEN, desc = "one hold was released twice")
    @Outcome(expect = FORBIDDEN, desc = "the hold was not released")
    @State
    public static class AWriteHoldTwiceAtOnce {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold hold = Locks.mustWrite(lock);

        @Actor
        public void first(LLL_Result r) {
            r.r1 = release(hold);
        }

        @Actor
        public void second(LLL_Result r) {
            r.r2 = release(hold);
        }

        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "by the other, free", expect = ACCEPTABLE_INTERESTING, desc = "the other released what it was handed")
    @Outcome(id = "by nobody, free", expect = ACCEPTABLE_INTERESTING, desc = "the other came too early")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release by another thread was lost")
    @State
    public static class AWriteHoldByTheOther {

        private final AsyncReadWriteLock lock = Locks.create();

        private volatile @Nullable LockHold handed;

        @Actor
        public void acquire() {
            handed = Locks.mustWrite(lock);
        }

        @Actor
        public void release(LL_Result r) {
            LockHold hold = handed;
            if (hold != null) {
                hold.close();
                handed = null;
            }
            r.r1 = hold != null ? "by the other" : "by nobody";
        }

        @Arbiter
        public void settle(LL_Result r) {
            LockHold left = handed;
            if (left != null) {
                left.close();
            }
            r.r2 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(id = "by the other, free", expect = ACCEPTABLE_INTERESTING, desc = "the other released what it was handed")
    @Outcome(id = "by nobody, free", expect = ACCEPTABLE_INTERESTING, desc = "the other came too early")
    @Outcome(id = ".*, stuck", expect = FORBIDDEN, desc = "a release by another thread was lost")
    @State
    public static class AReadHoldByTheOther {

        private final AsyncReadWriteLock lock = Locks.create();

        private volatile @Nullable LockHold handed;

        @Actor
        public void acquire() {
            handed = Locks.mustRead(lock);
        }

        @Actor
        public void release(LL_Result r) {
            LockHold hold = handed;
            if (hold != null) {
                hold.close();
                handed = null;
            }
            r.r1 = hold != null ? "by the other" : "by nobody";
        }

        @Arbiter
        public void settle(LL_Result r) {
            LockHold left = handed;
            if (left != null) {
                left.close();
            }
            r.r2 = Locks.afterwards(lock);
        }
    }

    @JCStressTest
    @Outcome(
            id = "released, second",
            expect = ACCEPTABLE_INTERESTING,
            desc = "who came next saw all that was done before")
    @Outcome(id = ".*, first", expect = FORBIDDEN, desc = "who came next did not see what was done before the release")
    @Outcome(id = ".*, forgotten", expect = FORBIDDEN, desc = "a release by another thread was lost")
    @State
    public static class AWriteHoldOfAThirdThread {

        private final AsyncReadWriteLock lock = Locks.create();
        private final Page page = new Page();
        private final LockHold hold = Locks.mustWrite(lock);

        @Actor
        public void release(LL_Result r) {
            page.write();
            r.r1 = Releasing.release(hold);
        }

        @Actor
        public void read(LL_Result r) {
            r.r2 = Locks.section(lock, Mode.READ, page::read);
        }
    }
}
