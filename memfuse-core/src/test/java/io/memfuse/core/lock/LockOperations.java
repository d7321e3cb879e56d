package io.memfuse.core.lock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;

/**
 * What Lincheck does with a lock from several threads at once; {@link LockSpecification} says what has to come of it. Each
 * thread keeps its holds to itself, so that an operation is one step of the lock and nothing else; only {@code keptByNobody},
 * which the lock is made with, is released by whichever thread comes to it.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class LockOperations {

    /** Two stripes: enough for readers to meet in one and to miss each other in two. */
    private static final int STRIPES = 2;

    private static final int MOST_THREADS = 8;

    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("model", () -> 0, new ReaderStripes(STRIPES));
    private final List<Deque<LockHold>> holds = IntStream.range(0, MOST_THREADS)
            .<Deque<LockHold>>mapToObj(thread -> new ArrayDeque<>())
            .toList();
    private final @Nullable LockHold keptByNobody;

    /** Operations on a lock that is free. */
    public LockOperations() {
        this(null);
    }

    private LockOperations(LockHold.@Nullable Mode mode) {
        keptByNobody = mode == null ? null : mode == LockHold.Mode.READ ? lock.tryRead() : lock.tryWrite();
    }

    @Operation(params = "thread")
    public boolean tryRead(int thread) {
        return keep(thread, lock.tryRead());
    }

    @Operation(params = "thread")
    public boolean tryWrite(int thread) {
        return keep(thread, lock.tryWrite());
    }

    private boolean keep(int thread, @Nullable LockHold hold) {
        if (hold != null) {
            holds.get(thread).push(hold);
        }
        return hold != null;
    }

    /** Releases the last that this thread acquired; false if it has nothing. */
    @Operation(params = "thread")
    public boolean release(int thread) {
        LockHold hold = holds.get(thread).poll();
        if (hold != null) {
            hold.close();
        }
        return hold != null;
    }

    /** Releases what no thread of these acquired. */
    @Operation(runOnce = true)
    public boolean releaseAnothers() {
        if (keptByNobody != null) {
            keptByNobody.close();
        }
        return keptByNobody != null;
    }

    /** The same, on a lock that somebody else holds to read. */
    public static class WithAReaderIn extends LockOperations {
        public WithAReaderIn() {
            super(LockHold.Mode.READ);
        }
    }

    /** The same, on a lock that somebody else holds to write. */
    public static class WithAWriterIn extends LockOperations {
        public WithAWriterIn() {
            super(LockHold.Mode.WRITE);
        }
    }
}
