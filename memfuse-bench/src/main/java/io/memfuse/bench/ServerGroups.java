package io.memfuse.bench;

import java.util.ArrayList;
import java.util.List;

/** What real connections cost: opening, warming, bursts. */
final class ServerGroups {

    private static final String HIKARI = "HikariCP";
    private static final String SHARED_HIKARI = "HikariCP, shared scheduler";

    private ServerGroups() {}

    static List<GroupBuilder> all(boolean full) {
        var groups = new ArrayList<GroupBuilder>();
        groups.add(opening());
        if (full) {
            groups.add(filling());
        }
        groups.addAll(List.of(storm(), deadNeighbour(), findStorm(), manyPools(), registered()));
        return groups;
    }

    private static GroupBuilder opening() {
        var group = new GroupBuilder("opening", "Open, warm and fill: PostgreSQL, SCRAM", "ms");
        String floor = "the bare driver, in parallel";
        group.row("open a pool, until its first connection is usable", ms("open", "memfuse"))
                .peer(floor, ms("open", "connect"))
                .peer(HIKARI, ms("open", "hikari"))
                .atMost(1.2, floor);
        group.row("warm one pool to 5 connections", ms("warm", "memfuse"))
                .peer(floor, ms("warm", "floor"))
                .peer(HIKARI, ms("warm", "hikari"))
                .peer("Agroal", ms("warm", "agroal"))
                .peer("Tomcat JDBC", ms("warm", "tomcat"))
                .peer("Vibur", ms("warm", "vibur"))
                .atMost(2, floor)
                .atMost(1, HIKARI);
        group.row("warm a fleet: 20 pools of 5", ms("fleet", "memfuse"))
                .peer(floor, ms("fleet", "floor"))
                .peer(HIKARI, ms("fleet", "hikari"))
                .atMost(1.3, floor);
        group.row("20 requests meet a cold pool, until the last is served", ms("cold", "memfuse"))
                .peer(floor, ms("cold", "floor"))
                .peer(HIKARI, ms("cold", "hikari"))
                .atMost(3, floor);
        group.note(
                "The bare driver makes the same connections with no pool: one, five at once, a hundred at the best number"
                        + " of threads, twenty at once. A pool is warm when all its connections can be held together. Each of the"
                        + " twenty requests keeps its connection until all have one; Agroal 3.2.1 is left out there, because in some rounds"
                        + " the last of them waits until its time is up.");
        return group;
    }

    private static GroupBuilder filling() {
        var group = new GroupBuilder("filling", "20 requests meet a cold pool: the ways that were tried", "ms");
        group.row("until the last is served", ms("filling", "memfuse"))
                .peer("the bare driver, in parallel", ms("filling", "floor"))
                .peer("HikariCP's own option", ms("filling", "own-option"))
                .peer("pause skipped", ms("filling", "skip-pause"))
                .peer("all at once", ms("filling", "side-by-side"))
                .peer("borrowers connect", ms("filling", "borrowers-connect"));
        group.note("The decision is docs/adr/0011. The option is blockUntilFilled, with a minimum of 20.");
        return group;
    }

    private static GroupBuilder storm() {
        var group =
                new GroupBuilder("storm", "1,000 concurrent requests, warm: 20 connections, one SELECT 1 each", "ms");
        storm(group, "until the last is done, " + threads(), "ms").atMost(1.1, HIKARI);
        storm(group, "99th percentile of the requests, " + threads(), "p99");
        group.note(
                "Dedicated: twenty connections in a queue, no pool. Global lock: a pool behind one lock for all, under which"
                        + " each request first has it checked by a SELECT 1.");
        return group;
    }

    private static GroupBuilder.RowBuilder storm(GroupBuilder group, String name, String metric) {
        return group.row(name, new Measure.Round("storm", "memfuse", metric))
                .peer("dedicated", new Measure.Round("storm", "dedicated", metric))
                .peer(HIKARI, new Measure.Round("storm", "hikari", metric))
                .peer("Agroal", new Measure.Round("storm", "agroal", metric))
                .peer("global lock", new Measure.Round("storm", "global-lock", metric));
    }

    private static GroupBuilder deadNeighbour() {
        var group = new GroupBuilder(
                "dead-neighbour", "The same, while two others ask for a database that does not answer", "ms");
        neighbour(group, "median", "p50");
        neighbour(group, "99th percentile", "p99").atMost(1.05, "nobody asks");
        group.note(
                "The server accepts and never answers; the time-out is 250 ms. Who asks pauses for 5 ms; who asks nothing does"
                        + " only that, as a control: what two more threads cost by themselves.");
        return group;
    }

    private static GroupBuilder.RowBuilder neighbour(GroupBuilder group, String name, String metric) {
        return group.row(name, new Measure.Round("dead-neighbour", "memfuse disturbed", metric))
                .peer("nobody asks", new Measure.Round("dead-neighbour", "memfuse quiet", metric))
                .peer("two wake and ask nothing", new Measure.Round("dead-neighbour", "memfuse idle askers", metric))
                .peer("global lock", new Measure.Round("dead-neighbour", "global-lock disturbed", metric))
                .peer("global lock, nobody asks", new Measure.Round("dead-neighbour", "global-lock quiet", metric));
    }

    private static GroupBuilder findStorm() {
        var group = new GroupBuilder("find-storm", "1,000 concurrent requests that only get their pool", "us");
        group.row("mean of all requests, " + threads(), new Measure.Round("find-storm", "memfuse", "us"))
                .peer("global lock", new Measure.Round("find-storm", "global-lock", "us"))
                .faster(100, "global lock");
        group.note("Ours takes a lease and gives it back.");
        return group;
    }

    private static GroupBuilder manyPools() {
        var group =
                new GroupBuilder("many-pools", "1,000 open pools: stub driver, one connection each", "of each pool");
        group.row("us to open, one after the other", new Measure.Round("open-many", "memfuse", "us"))
                .peer(SHARED_HIKARI, new Measure.Round("open-many", "hikari", "us"))
                .peer("the same, opened by another thread", new Measure.Round("open-many", "hikari handed over", "us"))
                .atMost(1.2, SHARED_HIKARI);
        group.row("us to open, all at once", new Measure.Round("open-many", "memfuse at once", "us"))
                .peer(SHARED_HIKARI, new Measure.Round("open-many", "hikari at once", "us"));
        many(group, "KiB of heap", "KiB").atMost(1.2, SHARED_HIKARI);
        many(group, "threads", "threads").valueAtMost(0);
        group.note(
                "Opened by another thread: what it costs alone that a caller can give up, at a deadline or interrupted, and the"
                        + " pool opens all the same for the others who wait; ours always is. All at once: ours by a warm-up of all, the"
                        + " other by a thread for each core. Threads are counted up to six seconds after the last was opened, without"
                        + " those that all pools share and the JDK's own that carry virtual threads. Of the heap of ours 160 bytes are the cache"
                        + " lines that each connection has for itself; beside those of a real driver's connection they are nothing.");
        return group;
    }

    private static GroupBuilder.RowBuilder many(GroupBuilder group, String name, String metric) {
        return group.row(name, new Measure.Round("many-pools", "memfuse", metric))
                .peer(SHARED_HIKARI, new Measure.Round("many-pools", "hikari", metric));
    }

    private static GroupBuilder registered() {
        var group = new GroupBuilder("registered", "10,000 databases registered, none open", "");
        group.row("bytes of heap of each", new Measure.Round("registered", "memfuse", "bytes"))
                .valueAtMost(1024);
        group.row("threads of all", new Measure.Round("registered", "memfuse", "threads"))
                .valueAtMost(0);
        group.row("connections of all", new Measure.Round("registered", "memfuse", "connections"))
                .valueAtMost(0);
        return group;
    }

    private static String threads() {
        return Runtime.version().feature() < 21 ? "platform threads" : "virtual threads";
    }

    private static Measure ms(String scenario, String candidate) {
        return new Measure.Round(scenario, candidate, "ms");
    }
}
