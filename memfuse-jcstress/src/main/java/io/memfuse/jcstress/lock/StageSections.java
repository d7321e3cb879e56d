package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** As {@link WaitingSections}, with continuations of stages: by the time that both actors are through, so are both sections. */
final class StageSections {

    private StageSections() {}

    @JCStressTest
    @Outcome(id = "first, second", expect = ACCEPTABLE_INTERESTING, desc = "one after the other")
    @Outcome(id = "second, first", expect = ACCEPTABLE_INTERESTING, desc = "one after the other")
    @Outcome(id = "first, first", expect = FORBIDDEN, desc = "two writers were in: an update was lost")
    @Outcome(id = ".*forgotten.*", expect = FORBIDDEN, desc = "a wake-up was lost")
    @State
    public static class TwoWriters {

        private final AsyncReadWriteLock lock = Locks.create();
        private int updates;
        private String firstTurn = "forgotten";
        private String secondTurn = "forgotten";

        @Actor
        public void first() {
            lock.write().thenAccept(hold -> {
                firstTurn = Words.turn(updates++);
                hold.close();
            });
        }

        @Actor
        public void second() {
            lock.write().thenAccept(hold -> {
                secondTurn = Words.turn(updates++);
                hold.close();
            });
        }

        @Arbiter
        public void compare(LL_Result r) {
            r.r1 = firstTurn;
            r.r2 = secondTurn;
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
        private String writerTurn = "forgotten";
        private String readerTurn = "forgotten";

        @Actor
        public void writer() {
            lock.write().thenAccept(hold -> {
                writerTurn = Words.turn(read);
                page.write();
                hold.close();
            });
        }

        @Actor
        public void reader() {
            lock.read().thenAccept(hold -> {
                readerTurn = page.read();
                read = 1;
                hold.close();
            });
        }

        @Arbiter
        public void compare(LL_Result r) {
            r.r1 = writerTurn;
            r.r2 = readerTurn;
        }
    }
}
