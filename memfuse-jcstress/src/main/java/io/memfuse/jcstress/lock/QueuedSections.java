package io.memfuse.jcstress.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.lock.LockHold.Mode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Three sections one after the other, the middle one through the queue: each sees, in plain fields, what the one before did,
 * and who comes while the middle one waits does not go before it.
 */
final class QueuedSections {

    private QueuedSections() {}

    @JCStressTest
    @Outcome(id = "second, second", expect = ACCEPTABLE, desc = "each saw the one before")
    @Outcome(id = "first, .*", expect = FORBIDDEN, desc = "the writer did not see what the reader before it did")
    @Outcome(id = ".*, first", expect = FORBIDDEN, desc = "a reader overtook the writer, or did not see what it did")
    @Outcome(expect = FORBIDDEN, desc = "a reader was in while a writer was, or was forgotten")
    @State
    public static class ReaderWriterReader {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustRead(lock);
        private final Page page = new Page();
        private int read;
        private String writerTurn = "forgotten";

        public ReaderWriterReader() {
            lock.write().thenAccept(hold -> {
                writerTurn = Words.turn(read);
                page.write();
                hold.close();
            });
        }

        @Actor
        public void readerThatLeaves() {
            read = 1;
            before.close();
        }

        @Actor
        public void readerThatComes(LL_Result r) {
            r.r2 = Locks.section(lock, Mode.READ, () -> {
                r.r1 = writerTurn;
                return page.read();
            });
        }
    }

    @JCStressTest
    @Outcome(id = "second, second", expect = ACCEPTABLE, desc = "each saw the one before")
    @Outcome(id = "first, .*", expect = FORBIDDEN, desc = "the reader did not see what the writer before it did")
    @Outcome(id = ".*, first", expect = FORBIDDEN, desc = "a writer overtook the reader, or did not see what it did")
    @Outcome(expect = FORBIDDEN, desc = "a reader was in while a writer was, or was forgotten")
    @State
    public static class WriterReaderWriter {

        private final AsyncReadWriteLock lock = Locks.create();
        private final LockHold before = Locks.mustWrite(lock);
        private final Page page = new Page();
        private int read;
        private String readerTurn = "forgotten";

        public WriterReaderWriter() {
            lock.read().thenAccept(hold -> {
                readerTurn = page.read();
                read = 1;
                hold.close();
            });
        }

        @Actor
        public void writerThatLeaves() {
            page.write();
            before.close();
        }

        @Actor
        public void writerThatComes(LL_Result r) {
            r.r2 = Locks.section(lock, Mode.WRITE, () -> {
                r.r1 = readerTurn;
                return Words.turn(read);
            });
        }
    }
}
