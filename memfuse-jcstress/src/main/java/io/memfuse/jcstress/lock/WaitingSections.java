package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold.Mode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Threads that wait for the lock: one section runs after the other, whole, and sees all that the other did. The fields they
 * write are plain, so that the lock alone makes them seen.
 */
final class WaitingSections {

    private WaitingSections() {}

    @JCStressTest
    @Outcome(id = "first, second", expect = ACCEPTABLE_INTERESTING, desc = "one after the other")
    @Outcome(id = "second, first", expect = ACCEPTABLE_INTERESTING, desc = "one after the other")
    @Outcome(id = "first, first", expect = FORBIDDEN, desc = "two writers were in: an update was lost")
    @Outcome(id = ".*forgotten.*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @State
    public static class TwoWriters {

        private final AsyncReadWriteLock lock = Locks.create();
        private int updates;

        @Actor
        public void first(LL_Result r) {
            r.r1 = Locks.section(lock, Mode.WRITE, () -> Words.turn(updates++));
        }

        @Actor
        public void second(LL_Result r) {
            r.r2 = Locks.section(lock, Mode.WRITE, () -> Words.turn(updates++));
        }
    }

    @JCStressTest
    @Outcome(id = "first, second", expect = ACCEPTABLE_INTERESTING, desc = "the reader saw what the writer did")
    @Outcome(id = "second, first", expect = ACCEPTABLE_INTERESTING, desc = "the writer saw what the reader did")
    @Outcome(id = "first, first", expect = FORBIDDEN, desc = "neither saw the other: they were in together")
    @Outcome(id = ".*, torn", expect = FORBIDDEN, desc = "a reader was in while a writer was")
    @Outcome(id = ".*forgotten.*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @State
    public static class WriterAndReader {

        private final AsyncReadWriteLock lock = Locks.create();
        private final Page page = new Page();
        private int read;

        @Actor
        public void writer(LL_Result r) {
            r.r1 = Locks.section(lock, Mode.WRITE, () -> {
                String turn = Words.turn(read);
                page.write();
                return turn;
            });
        }

        @Actor
        public void reader(LL_Result r) {
            r.r2 = Locks.section(lock, Mode.READ, () -> {
                String turn = page.read();
                read = 1;
                return turn;
            });
        }
    }

    @JCStressTest
    @Outcome(
            id = {"first, first, wrote", "second, second, wrote"},
            expect = ACCEPTABLE,
            desc = "the writer was before both readers, or after them")
    @Outcome(
            id = {"first, second, wrote", "second, first, wrote"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "the writer was between the readers")
    @Outcome(id = ".*torn.*", expect = FORBIDDEN, desc = "a reader was in while a writer was")
    @Outcome(id = ".*forgotten.*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @State
    public static class TwoReadersAndAWriter {

        private final AsyncReadWriteLock lock = Locks.create();
        private final Page page = new Page();

        @Actor
        public void firstReader(LLL_Result r) {
            r.r1 = Locks.section(lock, Mode.READ, page::read);
        }

        @Actor
        public void secondReader(LLL_Result r) {
            r.r2 = Locks.section(lock, Mode.READ, page::read);
        }

        @Actor
        public void writer(LLL_Result r) {
            r.r3 = Locks.section(lock, Mode.WRITE, () -> {
                page.write();
                return "wrote";
            });
        }
    }
}
