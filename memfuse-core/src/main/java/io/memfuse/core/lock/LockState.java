package io.memfuse.core.lock;

import io.memfuse.core.lock.LockHold.Mode;
import io.memfuse.core.time.Times;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is in and who waits: the decisions of {@link AsyncReadWriteLock}, which tells why they are right. Thread-safe. Decides
 * only: those that are granted the lock are returned, chained by {@code Waiter.next}, and told afterwards, so that no foreign
 * code runs under the mutex. Nothing is allocated under it either, so that no decision is left half made.
 */
final class LockState {

    private static final int FREE = 0;
    private static final int WRITER = 1;
    private static final int QUEUED = 2;

    private final ReaderStripes stripes;
    private final ReentrantLock mutex = new ReentrantLock();

    /** WRITER if held to write, QUEUED if anybody waits. Written under {@code mutex}, read without it to refuse at once. */
    private volatile int gate = FREE;

    // Guarded by `mutex`, all that follows.
    private final WaiterQueue waitingReaders = new WaiterQueue();
    private final WaiterQueue waitingWriters = new WaiterQueue();

    /** Whether the readers that wait go before the next writer. */
    private boolean readersTurn;

    private long writes;
    private long contended;
    private long timeouts;
    private long cancellations;

    LockState(ReaderStripes stripes) {
        this.stripes = stripes;
    }

    /** Takes the lock, unless somebody holds it in a way that excludes this or waits for it. */
    boolean tryEnter(Hold hold) {
        return hold.mode() == Mode.READ ? tryEnterToRead(hold) : tryEnterToWrite();
    }

    private boolean tryEnterToRead(Hold hold) {
        hold.stripe = stripes.tryEnter(); // The fast path.
        return hold.stripe != ReaderStripes.NONE || tryEnterToReadUnderMutex(hold);
    }

    private boolean tryEnterToReadUnderMutex(Hold hold) {
        if (gate != FREE) {
            return false;
        }
        mutex.lock(); // The stripes are closed for an attempt to write that was not decided yet, or are just being
        // opened.
        try {
            if (gate == FREE) {
                hold.stripe = stripes.tryEnter();
            }
        } finally {
            mutex.unlock();
        }
        return hold.stripe != ReaderStripes.NONE;
    }

    private boolean tryEnterToWrite() {
        // Readers that are in are seen before anything is closed, so that a vain attempt disturbs nobody.
        if (gate != FREE || stripes.readers() != 0) {
            return false;
        }
        mutex.lock();
        try {
            if (gate != FREE) {
                return false;
            }
            stripes.close();
            if (!stripes.isEmpty()) {
                stripes.open();
                return false;
            }
            gate = WRITER;
            writes++;
            return true;
        } finally {
            mutex.unlock();
        }
    }

    /** Lets a waiter wait its turn, which may be now; returns whom that lets in. */
    @Nullable Waiter enqueue(Waiter waiter) {
        mutex.lock();
        try {
            if (gate == FREE) {
                stripes.close();
            }
            gate |= QUEUED;
            waiter.ahead = waitingReaders.size() + waitingWriters.size();
            queueOf(waiter).add(waiter);
            return grant();
        } finally {
            mutex.unlock();
        }
    }

    private WaiterQueue queueOf(Waiter waiter) {
        return waiter.mode() == Mode.READ ? waitingReaders : waitingWriters;
    }

    /**
     * Takes a waiter that gives up out of the queue, and chains behind it whom that lets in; false if it is granted the lock, or
     * gave up before.
     */
    boolean abandon(Waiter waiter, boolean timedOut) {
        mutex.lock();
        try {
            if (!queueOf(waiter).remove(waiter)) {
                return false;
            }
            if (timedOut) {
                timeouts++;
            } else {
                cancellations++;
            }
            waiter.next = grant();
            return true;
        } finally {
            mutex.unlock();
        }
    }

    /** Takes a reader out; tells whether it may have been the last that a writer waits for. */
    boolean leaveRead(Hold hold) {
        return stripes.leave(hold.stripe);
    }

    /** Returns whom the last reader kept out and lets in. */
    @Nullable Waiter afterLastRead() {
        mutex.lock();
        try {
            // If nobody is queued, the stripes were closed for a vain attempt to write, or are open again.
            return (gate & QUEUED) != 0 ? grant() : null;
        } finally {
            mutex.unlock();
        }
    }

    /** Takes the writer out; returns whom it kept out and lets in. */
    @Nullable Waiter leaveWrite() {
        mutex.lock();
        try {
            gate &= ~WRITER;
            if (gate == FREE) {
                stripes.open();
                return null;
            }
            readersTurn = true;
            return grant();
        } finally {
            mutex.unlock();
        }
    }

    /** Decides who gets the lock now, and gives it to them. Called with the mutex held and QUEUED set: the stripes are closed. */
    private @Nullable Waiter grant() {
        Waiter granted = null;
        if ((gate & WRITER) == 0) {
            if (!waitingReaders.isEmpty() && (readersTurn || waitingWriters.isEmpty())) {
                readersTurn = false;
                granted = grantToReaders();
            } else if (!waitingWriters.isEmpty() && stripes.isEmpty()) {
                readersTurn = false;
                gate |= WRITER;
                writes++;
                contended++;
                granted = waitingWriters.poll();
            }
        }
        if (waitingReaders.isEmpty() && waitingWriters.isEmpty()) {
            readersTurn = false;
            gate &= ~QUEUED;
            if (gate == FREE) {
                stripes.open();
            }
        }
        return granted;
    }

    /** Lets in all readers that wait; there is one at least. */
    private Waiter grantToReaders() {
        contended += waitingReaders.size();
        Waiter first = waitingReaders.poll();
        first.hold.stripe = stripes.admit(0);
        Waiter last = first;
        for (int turn = 1; !waitingReaders.isEmpty(); turn++) {
            Waiter reader = waitingReaders.poll();
            reader.hold.stripe = stripes.admit(turn);
            last.next = reader;
            last = reader;
        }
        return first;
    }

    /** Returns the counts of this moment with the distributions given. */
    LockMetrics metrics(Times waits, Times writeHolds) {
        mutex.lock();
        try {
            return new LockMetrics(
                    stripes.everEntered(),
                    writes,
                    contended,
                    timeouts,
                    cancellations,
                    (int) stripes.readersNow(),
                    (gate & WRITER) != 0,
                    waitingReaders.size() + waitingWriters.size(),
                    waits,
                    writeHolds);
        } finally {
            mutex.unlock();
        }
    }
}
