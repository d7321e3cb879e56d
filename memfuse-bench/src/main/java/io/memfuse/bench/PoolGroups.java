package io.memfuse.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a request meets: a connection, a service. */
final class PoolGroups {

    private static final int THREADS = 2;
    private static final String HIKARI = "HikariCP";
    private static final String UNWATCHED = "nobody listens";
    private static final String R2DBC_POOL = "r2dbc-pool";

    private PoolGroups() {}

    static List<GroupBuilder> all(boolean full) {
        return List.of(
                borrow(),
                allocation(),
                monitoring(),
                monitoringAllocation(),
                reactive(full),
                reactiveAllocation(),
                service());
    }

    private static GroupBuilder borrow() {
        var group = new GroupBuilder(
                "borrow", "Take a connection and give it back: stub driver, 20 connections, 2 threads", "ns");
        GroupBuilder.RowBuilder row = group.row("through the durable DataSource", borrow("memfuse"));
        peers().forEach((name, peer) -> row.peer(name, borrow(peer)));
        row.atMost(1.1, HIKARI);
        group.note(
                "MemFuse cleans what a borrower left at each return (open transactions, schema, application name),"
                        + " which the others do in part. It and HikariCP are warmed for longer, and measured in three JVMs each, which take turns.");
        return group;
    }

    private static GroupBuilder allocation() {
        var group = new GroupBuilder("allocation", "The same: bytes allocated by each", "bytes");
        GroupBuilder.RowBuilder row = group.row("through the durable DataSource", new Measure.Bytes(borrow("memfuse")));
        peers().forEach((name, peer) -> row.peer(name, new Measure.Bytes(borrow(peer))));
        row.moreAtMost(0, HIKARI);
        return group;
    }

    private static GroupBuilder monitoring() {
        var group = new GroupBuilder("monitoring", "The same, with all monitoring on", "ns");
        group.row("through the durable DataSource", borrow("memfuse-monitored"))
                .peer(UNWATCHED, borrow("memfuse"))
                .peer("each acquisition timed", borrow("memfuse-timed"))
                .atMost(1.1, UNWATCHED);
        group.row("the same, objects apart", apart("memfuse-monitored", THREADS))
                .peer(UNWATCHED, apart("memfuse", THREADS))
                .atMost(1.1, UNWATCHED);
        group.row("the same, objects apart, one thread", apart("memfuse-monitored", 1))
                .peer(UNWATCHED, apart("memfuse", 1))
                .atMost(1.1, UNWATCHED);
        group.note(
                "Each acquisition is counted, one in 32 is timed, and the pool's health is looked at each second, as in every"
                        + " platform that is started. Where the collector happens to place objects that both threads write makes more"
                        + " of a difference than monitoring; objects are apart with -XX:ObjectAlignmentInBytes=64.");
        return group;
    }

    private static GroupBuilder monitoringAllocation() {
        var group = new GroupBuilder("monitoring-allocation", "The same: bytes allocated by each", "bytes");
        group.row("through the durable DataSource", new Measure.Bytes(borrow("memfuse-monitored")))
                .peer(UNWATCHED, new Measure.Bytes(borrow("memfuse")))
                .moreAtMost(0, UNWATCHED);
        return group;
    }

    private static GroupBuilder reactive(boolean full) {
        var group = new GroupBuilder(
                "reactive-borrow",
                "The same through R2DBC: stub driver, 20 connections, 2 threads, subscribers that block nothing",
                "ns");
        reactive(group.row("through the durable ConnectionFactory", reactive("memfuse")), PoolGroups::reactive)
                .atMost(1.1, R2DBC_POOL);
        if (full) {
            reactive(group.row("the same, each step blocked for", blocked("memfuse")), PoolGroups::blocked)
                    .atMost(1.1, R2DBC_POOL);
        }
        group.note("r2dbc-pool with a deadline starts a timer for each acquisition; without, its callers may wait for"
                + " ever. reactor-pool is what is below it, and lends without cleaning or validating.");
        return group;
    }

    private static GroupBuilder reactiveAllocation() {
        var group = new GroupBuilder("reactive-allocation", "The same: bytes allocated by each", "bytes");
        reactive(
                        group.row("through the durable ConnectionFactory", new Measure.Bytes(reactive("memfuse"))),
                        pool -> new Measure.Bytes(reactive(pool)))
                .moreAtMost(0, R2DBC_POOL);
        return group;
    }

    private static GroupBuilder.RowBuilder reactive(GroupBuilder.RowBuilder row, Function<String, Measure> measure) {
        return row.peer(R2DBC_POOL, measure.apply("r2dbc-pool"))
                .peer("r2dbc-pool with a deadline", measure.apply("r2dbc-pool-deadline"))
                .peer("reactor-pool", measure.apply("reactor-pool"));
    }

    private static Measure.Jmh reactive(String pool) {
        return new Measure.Jmh("ReactiveBorrow.borrow", Map.of("pool", pool), THREADS);
    }

    private static Measure.Jmh blocked(String pool) {
        return new Measure.Jmh("ReactiveBorrow.borrowBlocking", Map.of("pool", pool), THREADS);
    }

    private static GroupBuilder service() {
        var group = new GroupBuilder("service", "A cached service of a user: 1,000 users, 2 threads", "ns");
        String counted = "ConcurrentHashMap, key built per call, hits counted";
        group.row("get", service("memfuse"))
                .peer(counted, service("mapCounted"))
                .peer("ConcurrentHashMap, key built per call", service("map"))
                .atMost(1.5, counted)
                .atMost(1.5, "ConcurrentHashMap, key built per call");
        group.note("Our cache counts hits and records when a user was last seen.");
        return group;
    }

    private static Map<String, String> peers() {
        Map<String, String> peers = new LinkedHashMap<>();
        peers.put(HIKARI, "hikari");
        peers.put("Agroal", "agroal");
        peers.put("Vibur", "vibur");
        peers.put("Tomcat JDBC", "tomcat");
        peers.put("DBCP2", "dbcp2");
        peers.put("c3p0", "c3p0");
        return peers;
    }

    private static Measure.Jmh borrow(String pool) {
        boolean closely = pool.startsWith("memfuse") || pool.equals("hikari");
        return new Measure.Jmh("Borrow.borrow", Map.of("pool", pool), THREADS, closely);
    }

    private static Measure.Jmh apart(String pool, int threads) {
        return new Measure.Jmh("Borrow.borrow", Map.of("pool", pool), threads, true, true);
    }

    private static Measure.Jmh service(String method) {
        return new Measure.Jmh("CachedService." + method, Map.of(), THREADS);
    }
}
