package io.memfuse.bench;

import java.util.List;
import java.util.Map;

/** Finding an open pool. */
final class LookUpGroups {

    private static final int THREADS = 2;
    private static final String MAP = "ConcurrentHashMap";
    private static final String SYNCHRONIZED = "synchronized map";

    private LookUpGroups() {}

    static List<GroupBuilder> all(boolean full) {
        return full ? List.of(find(true), handle(), candidates()) : List.of(find(false), handle());
    }

    private static GroupBuilder find(boolean full) {
        var group = new GroupBuilder("look-up", "Find an open pool by its key: 100 keys, 2 threads", "ns");
        peers(group.row("find", find("by-key", false)), "find", false)
                .atMost(1.5, MAP)
                .faster(10, SYNCHRONIZED);
        peers(group.row("find, hits counted", look("findCounted", "by-key", false)), "findCounted", false)
                .atMost(1.5, MAP)
                .faster(10, SYNCHRONIZED);
        GroupBuilder.RowBuilder written = peers(
                        group.row("find, pools come and go", find("by-key", true)), "find", true)
                .atMostOf(1.1, find("by-key", false), "find");
        if (full) {
            peers(
                            group.row("find, hits counted, pools come and go", look("findCounted", "by-key", true)),
                            "findCounted",
                            true)
                    .atMostOf(1.1, look("findCounted", "by-key", false), "find, hits counted");
        }
        written.atMost(1.5, MAP);
        group.row("find what callers keep", find("durable", false))
                .peer(MAP, find("concurrent-map", false))
                .atMost(1.5, MAP);
        group.row("lease and give back", find("lease", false))
                .peer("ConcurrentHashMap and a counter of uses", find("counted-use", false));
        group.note(
                "\"Pools come and go\": another thread evicts a pool and opens its successor every 5 ms; with the peers it"
                        + " replaces an entry. The registry counts what happens to pools, not look-ups; with \"hits counted\" both"
                        + " sides count each in a LongAdder.");
        group.note("What is found is old, and was moved together by the collector, before it is measured.");
        group.note(
                "What callers keep is the durable DataSource: what a map of pools returns is used as it is, ours finds"
                        + " its pool anew with each use. \"Find\" is both: what callers keep, and the pool behind it.");
        group.note(
                "A lease keeps the pool from being closed, which costs two atomic updates of a line that both threads"
                        + " share; callers that hold a durable handle need none.");
        return group;
    }

    private static GroupBuilder.RowBuilder peers(GroupBuilder.RowBuilder row, String method, boolean writer) {
        return row.peer(MAP, look(method, "concurrent-map", writer))
                .peer(SYNCHRONIZED, look(method, "synchronized", writer))
                .peer("ReentrantReadWriteLock", look(method, "read-write-lock", writer))
                .peer("StampedLock", look(method, "optimistic", writer))
                .peer("Caffeine, TTL", look(method, "caffeine", writer));
    }

    private static GroupBuilder handle() {
        var group = new GroupBuilder("handle", "Find the pool behind a durable handle: 100 handles, 2 threads", "ns");
        group.row("find", find("handle", false))
                .peer(MAP, find("concurrent-map", false))
                .peer("a volatile read", find("volatile", false))
                .atMost(0.5, MAP);
        group.row("find, pools come and go", find("handle", true))
                .peer(MAP, find("concurrent-map", true))
                .peer("a volatile read", find("volatile", true))
                .atMostOf(1.1, find("handle", false), "find");
        return group;
    }

    private static GroupBuilder candidates() {
        var group = new GroupBuilder("read-path", "Candidates for the look-up: 100 keys, 2 threads", "ns");
        candidates(group, "find", false);
        candidates(group, "find, pools come and go", true);
        group.note("MemFuse: a slot with a volatile state behind a ConcurrentHashMap. Our lock: a HashMap read under"
                + " AsyncReadWriteLock. Optimistic: an open-addressing table read under a stamp. Snapshot: an immutable map"
                + " that each change copies.");
        return group;
    }

    private static void candidates(GroupBuilder group, String name, boolean writer) {
        group.row(name, find("by-key", writer))
                .peer("our lock", find("our-lock", writer))
                .peer("optimistic", find("optimistic", writer))
                .peer("snapshot", find("snapshot", writer));
    }

    private static Measure.Jmh find(String table, boolean writer) {
        return look("find", table, writer);
    }

    private static Measure.Jmh look(String method, String table, boolean writer) {
        return new Measure.Jmh("LookUp." + method, Map.of("table", table, "writer", Boolean.toString(writer)), THREADS);
    }
}
