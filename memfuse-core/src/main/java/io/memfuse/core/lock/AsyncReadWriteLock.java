package io.memfuse.core.lock;

import io.memfuse.core.lock.LockHold.Mode;
import io.memfuse.core.time.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock with many readers or one writer, for threads that wait and for callers that must not. Thread-safe; not reentrant;
 * a hold may be released by another thread than the one that acquired it.
 *
 * <ul>
 *   <li>{@link #tryRead} and {@link #tryWrite} never wait;
 *   <li>{@link #read} and {@link #write} return a stage that completes when the lock is granted; cancelling it, or letting
 *       it time out ({@code orTimeout}), leaves the queue at once;
 *   <li>{@link #readBlocking} and {@link #writeBlocking} park the calling thread, virtual or not, until the lock is granted,
 *       the time is up or the thread is interrupted.
 * </ul>
 *
 * <p><b>Why it is right.</b> One state word holds the number of readers, whether a writer holds, and whether anybody is
 * queued. While nobody is queued, acquiring and releasing is one compare-and-set on that word. Who finds the lock taken, or
 * somebody queued, goes to the queue under a mutex and sets QUEUED; from then on, until the queue is empty again, only the
 * holder of the mutex grants.
 *
 * <ul>
 *   <li>INVARIANT (exclusion): WRITER is set only by a compare-and-set from a word without WRITER and without readers, and a
 *       reader is added only to a word without WRITER.
 *   <li>INVARIANT (no lost wake-up): a waiter enters the queue and sets QUEUED before it looks at the holders once more, and
 *       a releaser gives up its hold before it looks at QUEUED. Both are atomic updates of one word, so one of the two sees
 *       the other and grants.
 *   <li>Happens-before: each acquisition reads, by an atomic update, a word that each earlier release wrote by one; a grant
 *       from the queue is made after the release and passed through the waiter's future.
 *   <li>Fairness: phases alternate. QUEUED keeps new readers out while a writer waits; when a writer releases, all readers
 *       that wait at that moment are granted together, before the next writer. So a reader waits for one writer at most that
 *       came after it, and a writer for one batch of readers for each writer before it. (Phase-fair locks: Brandenburg and
 *       Anderson, "Spin-based reader-writer synchronization for multiprocessor real-time systems", 2010.)
 *   <li>The mutex is held for a few instructions only, never while foreign code runs: grants are decided under it and
 *       delivered after it.
 * </ul>
 */
public final class AsyncReadWriteLock {

    private static final long WRITER = 1;
    private static final long QUEUED = 2;
    private static final long READER = 4;

    private final String name;
    private final Ticker ticker;

    /** Readers in units of READER, QUEUED if anybody waits, WRITER if held to write. */
    private final AtomicLong state = new AtomicLong();

    private final ReentrantLock mutex = new ReentrantLock();

    /** Guarded by {@code mutex}. */
    private final WaiterQueue waitingReaders = new WaiterQueue();

    /** Guarded by {@code mutex}. */
    private final WaiterQueue waitingWriters = new WaiterQueue();

    /** Whether the readers that wait go before the next writer. Guarded by {@code mutex}. */
    private boolean readersTurn;

    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder contended = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder cancellations = new LongAdder();
    private final TimesRecorder waits = new TimesRecorder();
    private final TimesRecorder writeHolds = new TimesRecorder();

    /** Makes a free lock that reads the time of the machine. The name is for messages. */
    public AsyncReadWriteLock(String name) {
        this(name, Ticker.system());
    }

    /** Makes a free lock. The name is for messages, the ticker for metrics. */
    public AsyncReadWriteLock(String name, Ticker ticker) {
        this.name = Objects.requireNonNull(name, "name");
        this.ticker = Objects.requireNonNull(ticker, "ticker");
    }

    /** Returns a hold to read, or null if the lock is held to write or somebody waits for it. Never waits. */
    public @Nullable LockHold tryRead() {
        for (long s = state.get(); (s & (WRITER | QUEUED)) == 0; s = state.get()) {
            if (state.compareAndSet(s, s + READER)) {
                return newHold(Mode.READ);
            }
        }
        return null;
    }

    /** Returns a hold to write, or null if the lock is held or somebody waits for it. Never waits. */
    public @Nullable LockHold tryWrite() {
        return state.get() == 0 && state.compareAndSet(0, WRITER) ? newHold(Mode.WRITE) : null;
    }

    /** Returns a stage that completes with a hold to read, at once if the lock is free to read. */
    public CompletionStage<LockHold> read() {
        LockHold hold = tryRead();
        return hold != null ? CompletableFuture.completedFuture(hold) : enqueue(Mode.READ, false);
    }

    /** Returns a stage that completes with a hold to write, at once if the lock is free. */
    public CompletionStage<LockHold> write() {
        LockHold hold = tryWrite();
        return hold != null ? CompletableFuture.completedFuture(hold) : enqueue(Mode.WRITE, false);
    }

    /**
     * Returns a hold to read.
     *
     * @throws LockTimeoutException if it was not granted within {@code timeout}
     * @throws InterruptedException if the thread was interrupted before or while it waited; it does not hold the lock
     */
    public LockHold readBlocking(Duration timeout) throws InterruptedException {
        throwIfInterrupted();
        LockHold hold = tryRead();
        return hold != null ? hold : park(Mode.READ, timeout);
    }

    /**
     * Returns a hold to write.
     *
     * @throws LockTimeoutException if it was not granted within {@code timeout}
     * @throws InterruptedException if the thread was interrupted before or while it waited; it does not hold the lock
     */
    public LockHold writeBlocking(Duration timeout) throws InterruptedException {
        throwIfInterrupted();
        LockHold hold = tryWrite();
        return hold != null ? hold : park(Mode.WRITE, timeout);
    }

    /** Returns what the lock went through so far. */
    public LockMetrics metrics() {
        long s = state.get();
        return new LockMetrics(
                reads.sum(),
                writes.sum(),
                contended.sum(),
                timeouts.sum(),
                cancellations.sum(),
                (int) (s / READER),
                (s & WRITER) != 0,
                waiting(),
                waits.snapshot(),
                writeHolds.snapshot());
    }

    private int waiting() {
        mutex.lock();
        try {
            return waitingReaders.size() + waitingWriters.size();
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public String toString() {
        return "AsyncReadWriteLock '" + name + "' (" + describe() + ")";
    }

    private String describe() {
        LockMetrics now = metrics();
        return (now.writingNow() ? "a writer" : now.readersNow() + " readers") + " in, " + now.waitingNow()
                + " waiting";
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before it waited for the lock");
        }
    }

    private LockHold park(Mode mode, Duration timeout) throws InterruptedException {
        Waiter waiter = enqueue(mode, true);
        try {
            return waiter.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (waiter.completeExceptionally(e)) {
                throw new LockTimeoutException(name, mode, timeout, describe());
            }
            return waiter.join(); // Granted in the same moment: the hold is ours.
        } catch (InterruptedException e) {
            if (!waiter.cancel(false)) {
                waiter.join().close(); // Granted in the same moment: not ours to keep.
            }
            throw e;
        } catch (ExecutionException e) {
            throw new AssertionError("a waiter that parks is completed by the lock alone", e);
        }
    }

    private Waiter enqueue(Mode mode, boolean parks) {
        var waiter = new Waiter(this, mode, parks, ticker.nanoTime());
        List<Waiter> granted;
        mutex.lock();
        try {
            (mode == Mode.READ ? waitingReaders : waitingWriters).add(waiter);
            state.updateAndGet(s -> s | QUEUED);
            granted = grant();
        } finally {
            mutex.unlock();
        }
        deliver(granted, waiter);
        return waiter;
    }

    /**
     * Takes a waiter that gives up out of the queue, and lets in whom it kept out; false if it is granted the lock, or gave up
     * before.
     */
    boolean abandon(Waiter waiter, boolean timedOut) {
        boolean removed;
        List<Waiter> granted = List.of();
        mutex.lock();
        try {
            removed = (waiter.mode == Mode.READ ? waitingReaders : waitingWriters).remove(waiter);
            if (removed) {
                granted = grant();
            }
        } finally {
            mutex.unlock();
        }
        if (removed) {
            (timedOut ? timeouts : cancellations).increment();
            deliver(granted);
        }
        return removed;
    }

    private void releaseRead() {
        long s = state.addAndGet(-READER);
        if ((s & QUEUED) != 0 && s < READER) {
            handOver(false);
        }
    }

    private void releaseWrite() {
        long s = state.updateAndGet(held -> held & ~WRITER);
        if ((s & QUEUED) != 0) {
            handOver(true);
        }
    }

    private void handOver(boolean fromWriter) {
        List<Waiter> granted;
        mutex.lock();
        try {
            readersTurn |= fromWriter;
            granted = grant();
        } finally {
            mutex.unlock();
        }
        deliver(granted);
    }

    /** Decides who gets the lock now, and gives it to them in the state word. Called with the mutex held and QUEUED set. */
    private List<Waiter> grant() {
        List<Waiter> granted = new ArrayList<>();
        // While QUEUED is set only this method adds holders: what is read here can change by releases alone.
        long s = state.get();
        if ((s & WRITER) == 0) {
            if (!waitingReaders.isEmpty() && (readersTurn || waitingWriters.isEmpty())) {
                readersTurn = false;
                state.addAndGet(READER * waitingReaders.size());
                while (!waitingReaders.isEmpty()) {
                    granted.add(waitingReaders.poll());
                }
            } else if (!waitingWriters.isEmpty() && s < READER) {
                readersTurn = false;
                state.updateAndGet(free -> free | WRITER);
                granted.add(waitingWriters.poll());
            }
        }
        if (waitingReaders.isEmpty() && waitingWriters.isEmpty()) {
            readersTurn = false;
            state.updateAndGet(queued -> queued & ~QUEUED);
        }
        return granted;
    }

    private void deliver(List<Waiter> granted) {
        deliver(granted, null);
    }

    /** @param own the waiter of this very call: nobody else has seen it yet, and the caller may be about to park on it */
    private void deliver(List<Waiter> granted, @Nullable Waiter own) {
        for (Waiter waiter : granted) {
            contended.increment();
            waits.record(ticker.nanoTime() - waiter.sinceNanos);
            LockHold hold = newHold(waiter.mode);
            if (waiter.parks || waiter == own) {
                waiter.grant(hold);
            } else {
                Deliveries.deliver(() -> waiter.grant(hold));
            }
        }
    }

    private LockHold newHold(Mode mode) {
        (mode == Mode.READ ? reads : writes).increment();
        return new Hold(this, mode, mode == Mode.WRITE ? ticker.nanoTime() : 0);
    }

    /** A hold; knows whether it was released. */
    static final class Hold implements LockHold {

        private static final VarHandle RELEASED;

        static {
            try {
                RELEASED = MethodHandles.lookup().findVarHandle(Hold.class, "released", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final AsyncReadWriteLock lock;
        private final Mode mode;
        private final long sinceNanos;

        @SuppressWarnings("unused") // by RELEASED
        private volatile boolean released;

        Hold(AsyncReadWriteLock lock, Mode mode, long sinceNanos) {
            this.lock = lock;
            this.mode = mode;
            this.sinceNanos = sinceNanos;
        }

        @Override
        public Mode mode() {
            return mode;
        }

        @Override
        public void close() {
            if (!RELEASED.compareAndSet(this, false, true)) {
                throw new IllegalStateException("[MemFuse/LockReleasedTwice] " + this + " was released before");
            }
            if (mode == Mode.READ) {
                lock.releaseRead();
            } else {
                try {
                    lock.writeHolds.record(lock.ticker.nanoTime() - sinceNanos);
                } finally {
                    lock.releaseWrite();
                }
            }
        }

        @Override
        public String toString() {
            return mode + " hold " + Integer.toHexString(System.identityHashCode(this)) + " of lock '" + lock.name
                    + "'";
        }
    }
}
