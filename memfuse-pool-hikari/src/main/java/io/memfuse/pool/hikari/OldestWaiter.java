package io.memfuse.pool.hikari;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How long the borrower has waited who has waited longest. HikariCP tells how many wait, not since when, and whether a borrower
 * will have to wait is not known before it has looked; to note when each one comes would cost those too who need not wait. So
 * it follows from looks at the pool (docs/adr/0023): if {@code n} borrowers waited at one look, and fewer than {@code n} have
 * stopped waiting since, then one of them still waits. Never longer than the truth. As long as nobody is overtaken it is shorter
 * by the time between two looks at most, or a 32nd of the truth if that is more; who is overtaken may go unseen. Thread-safe; borrowers
 * do not come here.
 */
final class OldestWaiter {

    private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Looks are so close to each other, in parts of the age: as many are remembered at most as the age has such parts, and a few. */
    private static final int PARTS = 32;

    /**
     * A look at a pool.
     *
     * @param ended how many borrowers had stopped waiting by then, and those who need not wait
     * @param waiting how many waited, read after that
     */
    private record Look(long atNanos, long ended, int waiting) {

        /** None of them may be left. */
        boolean isServed(long endedNow) {
            return endedNow - ended >= waiting;
        }
    }

    /** The first of which somebody still waits comes first. Guarded by this. */
    private final Deque<Look> looks = new ArrayDeque<>(1);

    /**
     * Takes in a look.
     *
     * @param ended how many borrowers have been served or sent away so far, whether they had to wait or not
     * @param waiting how many wait; read after {@code ended}, so that nobody who waits is among those
     * @return how long the oldest has waited, in nanoseconds
     */
    synchronized long ageNanos(long ended, int waiting, long nowNanos) {
        if (waiting == 0) {
            looks.clear();
            return 0;
        }
        while (!looks.isEmpty() && looks.getFirst().isServed(ended)) {
            looks.removeFirst();
        }
        if (looks.isEmpty()) {
            looks.add(new Look(nowNanos, ended, waiting));
            return 0;
        }
        long ageNanos = Math.max(0, nowNanos - looks.getFirst().atNanos());
        if (nowNanos - looks.getLast().atNanos() >= Math.max(SHORTEST_GAP_NANOS, ageNanos / PARTS)) {
            looks.add(new Look(nowNanos, ended, waiting));
        }
        return ageNanos;
    }

    /** Returns how many looks are remembered. */
    synchronized int size() {
        return looks.size();
    }
}
