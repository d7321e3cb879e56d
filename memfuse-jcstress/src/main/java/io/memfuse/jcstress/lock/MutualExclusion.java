package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Who may be in together, asked by trying a free lock; nobody leaves. */
final class MutualExclusion {

    private MutualExclusion() {}

    @JCStressTest
    @Outcome(id = "in, refused", expect = ACCEPTABLE_INTERESTING, desc = "the first was faster")
    @Outcome(id = "refused, in", expect = ACCEPTABLE_INTERESTING, desc = "the second was faster")
    @Outcome(id = "in, in", expect = FORBIDDEN, desc = "two writers were in")
    @Outcome(id = "refused, refused", expect = FORBIDDEN, desc = "a free lock refused both")
    @State
    public static class TwoWritersTry {

        private final AsyncReadWriteLock lock = Locks.create();

        @Actor
        public void first(LL_Result r) {
            r.r1 = Words.entry(lock.tryWrite());
        }

        @Actor
        public void second(LL_Result r) {
            r.r2 = Words.entry(lock.tryWrite());
        }
    }

    @JCStressTest
    @Outcome(id = "in, refused", expect = ACCEPTABLE_INTERESTING, desc = "the writer was faster")
    @Outcome(id = "refused, in", expect = ACCEPTABLE_INTERESTING, desc = "the reader was faster")
    @Outcome(id = "in, in", expect = FORBIDDEN, desc = "a reader was in while a writer was")
    @Outcome(id = "refused, refused", expect = FORBIDDEN, desc = "a free lock refused both")
    @State
    public static class WriterAndReaderTry {

        private final AsyncReadWriteLock lock = Locks.create();

        @Actor
        public void writer(LL_Result r) {
            r.r1 = Words.entry(lock.tryWrite());
        }

        @Actor
        public void reader(LL_Result r) {
            r.r2 = Words.entry(lock.tryRead());
        }
    }

    @JCStressTest
    @Outcome(id = "in, in", expect = ACCEPTABLE, desc = "readers share")
    @Outcome(expect = FORBIDDEN, desc = "a reader kept a reader out")
    @State
    public static class TwoReadersTry {

        private final AsyncReadWriteLock lock = Locks.create();

        @Actor
        public void first(LL_Result r) {
            r.r1 = Words.entry(lock.tryRead());
        }

        @Actor
        public void second(LL_Result r) {
            r.r2 = Words.entry(lock.tryRead());
        }
    }

    @JCStressTest
    @Outcome(id = "refused, in", expect = ACCEPTABLE, desc = "the writer tried, and was as if it had not")
    @Outcome(id = "refused, refused", expect = FORBIDDEN, desc = "a reader was refused although no writer was in")
    @Outcome(id = "in, .*", expect = FORBIDDEN, desc = "a writer came in to a reader")
    @State
    public static class AWriterThatIsRefusedKeepsNobodyOut {

        private final AsyncReadWriteLock lock = Locks.create();

        public AWriterThatIsRefusedKeepsNobodyOut() {
            Locks.mustRead(lock);
        }

        @Actor
        public void writer(LL_Result r) {
            r.r1 = Words.entry(lock.tryWrite());
        }

        @Actor
        public void reader(LL_Result r) {
            r.r2 = Words.entry(lock.tryRead());
        }
    }

    @JCStressTest
    @Outcome(id = "refused, in, in", expect = ACCEPTABLE_INTERESTING, desc = "the reader was faster")
    @Outcome(id = "in, refused, refused", expect = ACCEPTABLE_INTERESTING, desc = "the writer was faster")
    @Outcome(id = "refused, in, refused", expect = FORBIDDEN, desc = "a writer that came in vain kept a reader out")
    @Outcome(id = "refused, refused, .*", expect = FORBIDDEN, desc = "a free lock refused both")
    @Outcome(expect = FORBIDDEN, desc = "a reader was in while a writer was")
    @State
    public static class AReaderComesTwiceAsAWriterTries {

        private final AsyncReadWriteLock lock = Locks.create();

        @Actor
        public void writer(LLL_Result r) {
            r.r1 = Words.entry(lock.tryWrite());
        }

        @Actor
        public void reader(LLL_Result r) {
            r.r2 = Words.entry(lock.tryRead());
            r.r3 = Words.entry(lock.tryRead());
        }
    }

    @JCStressTest
    @Outcome(id = "in, in, refused", expect = ACCEPTABLE_INTERESTING, desc = "a reader was faster than the writer")
    @Outcome(id = "refused, refused, in", expect = ACCEPTABLE_INTERESTING, desc = "the writer was faster")
    @Outcome(id = "refused, refused, refused", expect = FORBIDDEN, desc = "a free lock refused all")
    @Outcome(
            id = {"in, refused, refused", "refused, in, refused"},
            expect = FORBIDDEN,
            desc = "a reader was refused although no writer was in")
    @Outcome(expect = FORBIDDEN, desc = "a reader was in while a writer was")
    @State
    public static class TwoReadersAndAWriterTry {

        private final AsyncReadWriteLock lock = Locks.create();

        @Actor
        public void firstReader(LLL_Result r) {
            r.r1 = Words.entry(lock.tryRead());
        }

        @Actor
        public void secondReader(LLL_Result r) {
            r.r2 = Words.entry(lock.tryRead());
        }

        @Actor
        public void writer(LLL_Result r) {
            r.r3 = Words.entry(lock.tryWrite());
        }
    }
}
