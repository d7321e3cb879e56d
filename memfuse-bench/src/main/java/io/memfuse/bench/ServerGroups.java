package io.memfuse.bench;

import java.util.List;

/** What real connections cost: opening, warming, bursts. */
final class ServerGroups {

    private static final String HIKARI = "HikariCP";

    private ServerGroups() {}

    static List<GroupBuilder> all() {
        return List.of(opening());
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
                .peer("Agroal", ms("cold", "agroal"))
                .atMost(3, floor);
        group.note("The bare driver makes the same connections with no pool: one, five at once, a hundred at the best number"
                + " of threads, twenty at once. A pool is warm when all its connections can be held together. Each of the"
                + " twenty requests keeps its connection until all have one.");
        return group;
    }

    private static Measure ms(String scenario, String candidate) {
        return new Measure.Round(scenario, candidate, "ms");
    }
}
