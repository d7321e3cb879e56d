package io.memfuse.core.lock;

import io.memfuse.core.lock.LockHold.Mode;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Ticker;
import io.memfuse.core.time.TimesRecorder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
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
 * <p>What a caller registers to run on a stage runs on the thread that made the grant possible: one that releases, cancels or
 * gives up. It should not block, for a stage that was granted together with it may be completed after it; give work that
 * blocks to an executor ({@code thenAcceptAsync}). Threads that wait in {@code readBlocking} and {@code writeBlocking} never
 * wait for it, and run nothing else while they wait.
 *
 * <p><b>Why it is right.</b> Readers are counted in {@link ReaderStripes}, one compare-and-set in a cache line that cores do
 * not share. The gate in {@link LockState} says whether a writer holds and whether anybody is queued. Everything but a
 * reader's way in and out is decided under a mutex, which is held for a few instructions and never while foreign code
 * runs: grants are decided under it and delivered after it.
 *
 * <ul>
 *   <li>INVARIANT (gate): outside the mutex, the stripes are open if and only if the gate is 0: no writer, nobody queued.
 *   <li>INVARIANT (exclusion): WRITER is set only when the stripes are closed and empty, and they stay closed until it is
 *       cleared; a reader enters an open stripe, or is admitted to a closed one when there is no WRITER.
 *   <li>INVARIANT (no lost wake-up): whoever waits is queued before the stripes are looked at once more. A reader that leaves
 *       a closed stripe empty, and a writer that leaves, look at the queue after that. The mutex orders the two, so one of
 *       them sees the other and grants; {@link ReaderStripes} says why the last reader cannot miss that its stripe is closed.
 *   <li>INVARIANT (told): a parked thread that is granted is told before any foreign code runs, so it need not give up a
 *       grant, nor wait for one, when its time is up in that moment.
 *   <li>Happens-before: a writer's grant reads, of each stripe, what the readers before it wrote on leaving; a reader's way in
 *       reads what the writer before it wrote on opening; writers follow each other under the mutex; a grant from the queue
 *       passes through the waiter's future.
 *   <li>Fairness: phases alternate. The closed stripes keep new readers out while a writer waits; when a writer releases, all
 *       readers that wait at that moment are granted together, before the next writer. So a reader waits for one writer at
 *       most that came after it, and a writer for one batch of readers for each writer before it. (Phase-fair locks:
 *       Brandenburg and Anderson, "Spin-based reader-writer synchronization for multiprocessor real-time systems", 2010.)
 *   <li>Exactness: {@code tryRead} and {@code tryWrite} refuse only when somebody holds the lock or waits for it. A reader
 *       that finds its stripe closed by a writer's vain attempt asks again under the mutex.
 * </ul>
 *
 * <p>To write costs one atomic update per stripe, twice, so it costs more the more processors there are; to read costs the
 * same on every machine.
 */
public final class AsyncReadWriteLock {

    /** Some microseconds, to tens of them where a pause is slow: what it costs to park a thread and to wake it. */
    private static final int SPINS = 400;

    /** So many waiters spin before they park: more would take the processor from whoever holds the lock. */
    private static final int MOST_SPINNING = Runtime.getRuntime().availableProcessors() - 1;

    private final String name;
    private final Ticker ticker;
    private final LockState state;
    private final TimesRecorder waits = new TimesRecorder();
    private final TimesRecorder writeHolds = new TimesRecorder();

    /** Makes a free lock that reads the time of the machine. The name is for messages. */
    public AsyncReadWriteLock(String name) {
        this(name, Ticker.system());
    }

    /** Makes a free lock. The name is for messages, the ticker for metrics. */
    public AsyncReadWriteLock(String name, Ticker ticker) {
        this(name, ticker, ReaderStripes.forThisMachine());
    }

    AsyncReadWriteLock(String name, Ticker ticker, ReaderStripes stripes) {
        this.name = Objects.requireNonNull(name, "name");
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.state = new LockState(stripes);
    }

    /** Returns a hold to read, or null if the lock is held to write or somebody waits for it. Waits for no holder. */
    public @Nullable LockHold tryRead() {
        return tryEnter(new Hold(this, Mode.READ));
    }

    /** Returns a hold to write, or null if the lock is held or somebody waits for it. Waits for no holder. */
    public @Nullable LockHold tryWrite() {
        return tryEnter(new Hold(this, Mode.WRITE));
    }

    /** Returns a stage that completes with a hold to read, at once if the lock is free to read. */
    public CompletionStage<LockHold> read() {
        return enter(new Hold(this, Mode.READ));
    }

    /** Returns a stage that completes with a hold to write, at once if the lock is free. */
    public CompletionStage<LockHold> write() {
        return enter(new Hold(this, Mode.WRITE));
    }

    /**
     * Returns a hold to read.
     *
     * @throws LockTimeoutException if it was not granted within {@code timeout}
     * @throws InterruptedException if the thread was interrupted before or while it waited; it does not hold the lock
     */
    public LockHold readBlocking(Duration timeout) throws InterruptedException {
        return enterBlocking(new Hold(this, Mode.READ), timeout);
    }

    /**
     * Returns a hold to write.
     *
     * @throws LockTimeoutException if it was not granted within {@code timeout}
     * @throws InterruptedException if the thread was interrupted before or while it waited; it does not hold the lock
     */
    public LockHold writeBlocking(Duration timeout) throws InterruptedException {
        return enterBlocking(new Hold(this, Mode.WRITE), timeout);
    }

    /** Returns what the lock went through so far. */
    public LockMetrics metrics() {
        return state.metrics(waits.snapshot(), writeHolds.snapshot());
    }

    @Override
    public String toString() {
        return "AsyncReadWriteLock '" + name + "' (" + describe() + ")";
    }

    String name() {
        return name;
    }

    private String describe() {
        LockMetrics now = metrics();
        return (now.writingNow() ? "a writer" : now.readersNow() + " readers") + " in, " + now.waitingNow()
                + " waiting";
    }

    private @Nullable Hold tryEnter(Hold hold) {
        if (hold.mode() == Mode.WRITE) {
            hold.sinceNanos = nowNanos();
        }
        return state.tryEnter(hold) ? hold : null;
    }

    private CompletionStage<LockHold> enter(Hold hold) {
        return tryEnter(hold) != null ? CompletableFuture.completedFuture(hold) : enqueue(hold, false);
    }

    private LockHold enterBlocking(Hold hold, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before it waited for the lock");
        }
        return tryEnter(hold) != null ? hold : park(hold, timeout);
    }

    private LockHold park(Hold hold, Duration timeout) throws InterruptedException {
        Waiter waiter = enqueue(hold, true);
        try {
            // A hold that ends within microseconds is over before a thread could be parked and woken.
            for (int spins = waiter.ahead < MOST_SPINNING ? SPINS : 0; spins > 0 && !waiter.isDone(); spins--) {
                Thread.onSpinWait();
            }
            return Waiting.get(waiter, timeout);
        } catch (TimeoutException e) {
            if (waiter.completeExceptionally(e)) {
                throw new LockTimeoutException(name, hold.mode(), timeout, describe());
            }
            return Waiting.join(waiter); // Granted in the same moment: the hold is ours.
        } catch (InterruptedException e) {
            giveUp(waiter);
            throw e;
        } catch (RuntimeException | Error e) { // No memory or no stack to wait with: nobody else would ever release it.
            giveUp(waiter);
            throw e;
        } catch (ExecutionException e) {
            throw new AssertionError("a waiter that parks is completed by the lock alone", e);
        }
    }

    private static void giveUp(Waiter waiter) {
        if (!waiter.cancel(false)) {
            Waiting.join(waiter).close(); // Granted in the same moment: not ours to keep.
        }
    }

    private Waiter enqueue(Hold hold, boolean parks) {
        var waiter = new Waiter(this, hold, parks, nowNanos());
        Waiter granted = state.enqueue(waiter);
        try {
            deliver(granted, waiter);
        } catch (RuntimeException | Error e) {
            giveUp(waiter); // The caller never hears of it.
            throw e;
        }
        return waiter;
    }

    /** For a waiter that gives up; false if it is granted the lock, or gave up before. Tells the parked threads that it kept out. */
    boolean abandon(Waiter waiter, boolean timedOut) {
        if (!state.abandon(waiter, timedOut)) {
            return false;
        }
        stamp(waiter.next);
        Deliveries.tellParked(waiter.next, null);
        return true;
    }

    /** Tells the others that a waiter kept out, when it has given up: what is registered on its own stage has run. */
    void deliverBehind(Waiter abandoned) {
        Waiter granted = abandoned.next;
        abandoned.next = null;
        Deliveries.tellRest(granted, null);
    }

    /** Gives a hold back. Called once for each. */
    void release(Hold hold) {
        if (hold.mode() == Mode.READ) {
            if (state.leaveRead(hold)) {
                deliver(state.afterLastRead(), null);
            }
        } else {
            long heldNanos = nowNanos() - hold.sinceNanos;
            Waiter granted = state.leaveWrite();
            writeHolds.record(heldNanos);
            deliver(granted, null);
        }
    }

    /**
     * Tells those that one step let in. Parked threads first: what is registered on a stage runs here, and takes as long as it
     * takes. What telling one throws, for want of memory or of stack, is thrown when all are told.
     *
     * @param granted chained, in order
     * @param own the waiter of this very call: nobody else has seen it yet, and the caller may be about to park on it
     */
    void deliver(@Nullable Waiter granted, @Nullable Waiter own) {
        stamp(granted);
        Deliveries.tellRest(granted, Deliveries.tellParked(granted, own));
    }

    /** Takes note of when they were granted the lock. */
    private void stamp(@Nullable Waiter granted) {
        if (granted == null) {
            return;
        }
        long nowNanos = nowNanos();
        for (Waiter waiter = granted; waiter != null; waiter = waiter.next) {
            waits.record(nowNanos - waiter.sinceNanos);
            waiter.hold.sinceNanos = nowNanos;
        }
    }

    /** Time is for the metrics alone: a ticker that fails costs a figure, never the lock. */
    private long nowNanos() {
        try {
            return ticker.nanoTime();
        } catch (RuntimeException | Error e) {
            return 0;
        }
    }
}
