package io.memfuse.core.lock;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the readers that are in, so that readers on different cores write to different cache lines; can be closed against
 * new ones. Entering and leaving is thread-safe; {@link #close}, {@link #open}, {@link #admit}, {@link #isEmpty} are guarded by
 * the lock's mutex.
 *
 * <p>Each stripe is two counters that only grow: readers that entered, with the CLOSED bit beside the count, and readers that
 * left; their difference is in. What entered is also what the metrics call reads.
 *
 * <ul>
 *   <li>INVARIANT (closed is closed): entering is a compare-and-set on the word that has the CLOSED bit. So from the moment a
 *       stripe is closed nobody enters it but by {@code admit}, and what is in can only become less.
 *   <li>INVARIANT (the last one is noticed): a reader adds to what left, and then reads what entered; closing sets CLOSED in
 *       what entered, and {@code isEmpty} then reads what left. These are volatile accesses in one total order, so one of the
 *       two sees the other: a reader that leaves a closed stripe empty is told so, or was counted.
 * </ul>
 *
 * <p>After Lev, Luchangco and Olszewski, "Scalable Reader-Writer Locks" (SPAA 2009): their closable indicator is a tree, this
 * is one level of it, because a count of processors is walked faster than a tree is climbed.
 */
final class ReaderStripes {

    /** What {@link #tryEnter} returns when the stripes are closed. */
    static final int NONE = -1;

    private static final long CLOSED = 1;
    private static final long READER = 2;

    /** In words: 128 bytes, because processors fetch cache lines in pairs. */
    private static final int STRIDE = 16;

    private static final int MOST_STRIPES = 64;

    private static final int MOST_TRIES = 100;

    /** 2^64 divided by the golden ratio: thread ids in a row, as those of a thread pool are, fall far apart. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final int stripes;

    /** Of stripe i, what entered is at (i + 1) * STRIDE and what left behind it: none shares a line with the length. */
    private final AtomicLongArray words;

    ReaderStripes(int stripes) {
        this.stripes = stripes;
        this.words = new AtomicLongArray((stripes + 1) * STRIDE);
    }

    /** Returns stripes for this machine: two for each processor, so that two threads seldom share one. */
    static ReaderStripes forThisMachine() {
        return new ReaderStripes(Math.min(MOST_STRIPES, 2 * Runtime.getRuntime().availableProcessors()));
    }

    /** Enters, and returns the stripe to leave again; {@link #NONE} if this thread's stripe is closed. */
    int tryEnter() {
        int stripe = home(Thread.currentThread().getId());
        while (true) {
            int entered = entered(stripe);
            long word = words.get(entered);
            if ((word & CLOSED) != 0) {
                return NONE;
            }
            if (words.compareAndSet(entered, word, word + READER)) {
                return stripe;
            }
            stripe = stripe + 1 == stripes ? 0 : stripe + 1; // Somebody else is at home here.
        }
    }

    /** Returns the stripe where a thread begins. */
    int home(long threadId) {
        long spread = (threadId * SPREAD) >>> Integer.SIZE;
        return (int) ((spread * stripes) >>> Integer.SIZE);
    }

    /** Leaves; tells whether that left the stripe empty and closed. */
    boolean leave(int stripe) {
        int entered = entered(stripe);
        return words.addAndGet(left(entered), READER) + CLOSED == words.get(entered);
    }

    /** Lets one reader in although the stripes are closed; returns the stripe to leave. {@code turn} spreads them. */
    int admit(int turn) {
        int stripe = turn % stripes;
        words.addAndGet(entered(stripe), READER);
        return stripe;
    }

    /** Lets nobody in from now on. Only called when open. */
    void close() {
        for (int stripe = 0; stripe < stripes; stripe++) {
            words.addAndGet(entered(stripe), CLOSED);
        }
    }

    /** Lets everybody in again. Only called when closed. */
    void open() {
        for (int stripe = 0; stripe < stripes; stripe++) {
            words.addAndGet(entered(stripe), -CLOSED);
        }
    }

    /** Tells whether nobody is in; nobody comes in either, because this is only called when closed. */
    boolean isEmpty() {
        return readers() == 0;
    }

    /**
     * Returns 0 if nobody was in at one moment of this call of each stripe, else how many were in or came in meanwhile: to tell
     * whether somebody is in, not how many are.
     */
    long readers() {
        long readers = 0;
        for (int stripe = 0; stripe < stripes; stripe++) {
            int entered = entered(stripe);
            // What left is read first: who comes and goes meanwhile is then counted as in, and never below nobody.
            long left = words.get(left(entered));
            readers += (words.get(entered) - left) / READER;
        }
        return readers;
    }

    /** Returns how many are in at this moment: of each stripe to the one, unless it changes all the time. */
    long readersNow() {
        long readers = 0;
        for (int stripe = 0; stripe < stripes; stripe++) {
            int entered = entered(stripe);
            long left = words.get(left(entered));
            long in = 0;
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                in = (words.get(entered) - left) / READER;
                long leftNow = words.get(left(entered));
                if (leftNow == left) {
                    break; // Nobody left in between: both were read in one moment.
                }
                left = leftNow;
            }
            readers += in;
        }
        return readers;
    }

    /** Returns how many ever came in. */
    long everEntered() {
        long readers = 0;
        for (int stripe = 0; stripe < stripes; stripe++) {
            readers += words.get(entered(stripe)) / READER;
        }
        return readers;
    }

    private static int entered(int stripe) {
        return (stripe + 1) * STRIDE;
    }

    private static int left(int entered) {
        return entered + 1;
    }
}
