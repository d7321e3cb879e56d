package io.memfuse.core.lock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A lock for one thread at a time: what {@link LockOperations} have to be equal to, in some order of theirs. */
public class LockSpecification {

    private final Map<Integer, Deque<LockHold.Mode>> holds = new HashMap<>();
    private LockHold.@Nullable Mode keptByNobody;
    private int readers;
    private boolean writer;

    /** The lock is free. */
    public LockSpecification() {}

    private LockSpecification(LockHold.Mode mode) {
        keptByNobody = mode;
        enter(mode);
    }

    public boolean tryRead(int thread) {
        return !writer && keep(thread, LockHold.Mode.READ);
    }

    public boolean tryWrite(int thread) {
        return !writer && readers == 0 && keep(thread, LockHold.Mode.WRITE);
    }

    private boolean keep(int thread, LockHold.Mode mode) {
        enter(mode);
        holds.computeIfAbsent(thread, id -> new ArrayDeque<>()).push(mode);
        return true;
    }

    public boolean release(int thread) {
        LockHold.Mode mode =
                holds.computeIfAbsent(thread, id -> new ArrayDeque<>()).poll();
        leave(mode);
        return mode != null;
    }

    public boolean releaseAnothers() {
        LockHold.Mode mode = keptByNobody;
        leave(mode);
        return mode != null;
    }

    private void enter(LockHold.Mode mode) {
        if (mode == LockHold.Mode.READ) {
            readers++;
        } else {
            writer = true;
        }
    }

    private void leave(LockHold.@Nullable Mode mode) {
        if (mode == LockHold.Mode.READ) {
            readers--;
        } else if (mode == LockHold.Mode.WRITE) {
            writer = false;
        }
    }

    /** Of {@link LockOperations.WithAReaderIn}. */
    public static class WithAReaderIn extends LockSpecification {
        public WithAReaderIn() {
            super(LockHold.Mode.READ);
        }
    }

    /** Of {@link LockOperations.WithAWriterIn}. */
    public static class WithAWriterIn extends LockSpecification {
        public WithAWriterIn() {
            super(LockHold.Mode.WRITE);
        }
    }
}
