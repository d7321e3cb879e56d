package io.memfuse.bench;

import java.util.List;
import java.util.Map;

/** Our lock beside others. */
final class LockGroups {

    private static final String REENTRANT = "ReentrantReadWriteLock";
    private static final String FAIR = "ReentrantReadWriteLock, fair";
    private static final String STAMPED = "StampedLock, read mode";

    private LockGroups() {}

    static List<GroupBuilder> all(boolean full) {
        return full ? List.of(peers(true), flat(true), candidates()) : List.of(peers(false), flat(false));
    }

    private static GroupBuilder peers(boolean full) {
        var group = new GroupBuilder("lock", "Acquire and release a lock", "ns");
        for (int writes : new int[] {0, 1, 10}) {
            for (int threads : new int[] {1, 2, 8, 64}) {
                if (full || threads == 2 || (threads == 64 && writes == 10)) {
                    group.row(name(threads, writes), lock("memfuse", threads, writes))
                            .peer(FAIR, lock("reentrant-fair", threads, writes))
                            .peer(REENTRANT, lock("reentrant", threads, writes))
                            .peer(STAMPED, lock("stamped", threads, writes))
                            .atMost(1, FAIR);
                }
            }
        }
        group.note(
                "Each operation acquires the lock, reads or writes one field, and releases it; a score is the mean time of"
                        + " one operation of one thread. With more threads than cores it holds mostly the time that a thread waits for"
                        + " a core: at 64 threads on 2 cores an operation that costs nothing but the processor takes 32 times as long.");
        group.note(
                "Ours is fair: a writer waits for one batch of readers, a reader for one writer. So is ReentrantReadWriteLock,"
                        + " if it is asked to be. The other two let newcomers barge: the lock is never idle while a waiter is being"
                        + " woken, which is cheaper and starves.");
        return group;
    }

    private static GroupBuilder flat(boolean full) {
        var group = new GroupBuilder("lock-flat", "A read side that is flat in the number of readers", "ns");
        Measure.Jmh one = lock("memfuse", 1, 0);
        int[] threads = full ? new int[] {1, 2, 8, 64} : new int[] {1, 2, 8};
        int cores = Runtime.getRuntime().availableProcessors();
        for (int readers : threads) {
            GroupBuilder.RowBuilder row = group.row(name(readers, 0), lock("memfuse", readers, 0))
                    .peer(REENTRANT, lock("reentrant", readers, 0))
                    .peer(STAMPED, lock("stamped", readers, 0));
            if (readers > 1) {
                // More readers than cores share them: that much longer each takes, whatever the lock is.
                double share = Math.max(1, (double) readers / cores);
                row.atMostOf(1.5 * share, one, "one reader");
            }
        }
        group.note("Flat means: two readers on two cores take no longer than one, and n readers beyond the cores (here "
                + cores + ") n / " + cores + " times as long; half as much again is allowed for.");
        return group;
    }

    private static GroupBuilder candidates() {
        var group = new GroupBuilder("lock-candidates", "Candidates for the lock's read side", "ns");
        for (int threads : new int[] {1, 2, 8}) {
            candidates(group, threads, 0);
        }
        candidates(group, 2, 1);
        candidates(group, 2, 10);
        group.note(
                "One word: a single state word, updated by compare-and-set. Striped, Dekker: counters on lines of their own;"
                        + " a writer sets a flag and looks at all. BRAVO: readers write themselves into a shared table. The candidates"
                        + " have no queue, no metrics, no cancellation and no check against a second release.");
        return group;
    }

    private static void candidates(GroupBuilder group, int threads, int writes) {
        group.row(name(threads, writes), lock("memfuse", threads, writes))
                .peer("one word", lock("one-word", threads, writes))
                .peer("striped, Dekker", lock("dekker", threads, writes))
                .peer("BRAVO", lock("bravo", threads, writes));
    }

    private static String name(int threads, int writes) {
        return threads + (threads == 1 ? " thread, " : " threads, ") + writes + " % writes";
    }

    private static Measure.Jmh lock(String lock, int threads, int writes) {
        return new Measure.Jmh("LockCost.section", Map.of("lock", lock, "writes", Integer.toString(writes)), threads);
    }
}
