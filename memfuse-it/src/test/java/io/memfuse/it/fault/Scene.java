package io.memfuse.it.fault;

import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One platform with three databases, each with callers of its own: one stands on a server of its own behind a network of its
 * own, which are struck; the other two are to notice nothing. Not thread-safe.
 */
final class Scene {

    static final Duration TIMEOUT = Duration.ofSeconds(2);
    static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
    static final String PASSWORD = "needle-in-the-haystack";
    static final String OTHER_PASSWORD = "needle-in-another-haystack";

    private static final String DATABASE = "struck";
    private static final int STRUCK_CALLERS = 6;
    private static final int OTHER_CALLERS = 3;

    private final StruckServer server;
    private final TestDatabase first;
    private final TestDatabase second;
    private final FaultProxy proxy;
    private final MemFuse memfuse;
    private final Load struck;
    private final List<Load> others;
    private @Nullable Thread aside;

    Scene(StruckServer server, TestDatabase first, TestDatabase second, Path folder, Technology technology)
            throws IOException {
        this.server = server;
        this.first = first;
        this.second = second;
        proxy = new FaultProxy(server.host(), server.port());
        server.execute("postgres", "CREATE ROLE campaign LOGIN PASSWORD '" + PASSWORD + "'");
        createDatabase();
        first.execute(Writers.TABLE);
        second.execute(Writers.TABLE);
        memfuse = MemFuse.start(Files.writeString(folder.resolve("memfuse.yaml"), yaml(technology)));
        struck = new Load("struck", STRUCK_CALLERS, technology.writer(memfuse, "struck"));
        others = List.of(
                new Load("first", OTHER_CALLERS, technology.writer(memfuse, "first")),
                new Load("second", OTHER_CALLERS, technology.writer(memfuse, "second")));
    }

    private String yaml(Technology technology) {
        return """
                defaults:
                  {provider: %s, min_size: 2, max_size: 4, timeout: %ds, command_timeout: %ds, ssl_mode: disable}
                databases:
                  struck: {host: %s, port: %d, user: campaign, password: %s}
                  first: {host: %s, port: %d, user: %s, password: %s, database: %s}
                  second: {host: %s, port: %d, user: %s, password: %s, database: %s}
                connection_pool: {warmup_configs: [struck, first, second]}
                """.formatted(
                        technology.provider(),
                        TIMEOUT.toSeconds(),
                        COMMAND_TIMEOUT.toSeconds(),
                        proxy.host(),
                        proxy.port(),
                        PASSWORD,
                        first.server().host(),
                        first.server().port(),
                        first.server().user(),
                        first.server().password(),
                        first.name(),
                        second.server().host(),
                        second.server().port(),
                        second.server().user(),
                        second.server().password(),
                        second.name());
    }

    StruckServer server() {
        return server;
    }

    FaultProxy proxy() {
        return proxy;
    }

    Load struck() {
        return struck;
    }

    List<Load> others() {
        return others;
    }

    List<Load> all() {
        return List.of(struck, others.get(0), others.get(1));
    }

    // What faults do.

    /** Executes statements as superuser, in the struck database. */
    void execute(String... statements) {
        server.execute(DATABASE, statements);
    }

    /** Executes statements as superuser, outside of the struck database. */
    void administrate(String... statements) {
        server.execute("postgres", statements);
    }

    void createDatabase() {
        administrate("CREATE DATABASE " + DATABASE);
        // The embedded server does not wait until a write is safe, which would lose what was acknowledged when it is
        // killed.
        administrate("ALTER DATABASE " + DATABASE + " SET synchronous_commit = on");
        execute(Writers.TABLE, "GRANT ALL ON written TO campaign");
    }

    void dropDatabase() {
        administrate("DROP DATABASE " + DATABASE + " WITH (FORCE)");
    }

    void terminate(String where) {
        administrate("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'campaign' AND " + where);
    }

    /** Has each write do something first. */
    void beforeEachWrite(String sql) {
        execute(
                "CREATE OR REPLACE FUNCTION before_write() RETURNS trigger LANGUAGE plpgsql AS" + " $$BEGIN " + sql
                        + "; RETURN NEW; END$$",
                "CREATE OR REPLACE TRIGGER before_write BEFORE INSERT ON written"
                        + " FOR EACH ROW EXECUTE FUNCTION before_write()");
    }

    void nothingBeforeWrites() {
        execute("DROP TRIGGER before_write ON written");
    }

    /** Closes the struck pool, as if nobody had used it for long; it is opened again by its next caller. */
    void evict() {
        aside = new Thread(
                () -> memfuse.registry().evict(key()).toCompletableFuture().join(), "campaign-evict");
        aside.setDaemon(true);
        aside.start();
    }

    /** Shuts the platform down, while its callers go on. */
    void shutdown(Duration drainTimeout) {
        memfuse.shutdown(drainTimeout);
    }

    private PoolKey<?> key() {
        return struckPool().key();
    }

    // What is looked at.

    private PoolSnapshot struckPool() {
        return memfuse.registry().snapshot().pools().stream()
                .filter(pool -> pool.key().endpoints().first().port() == proxy.port())
                .findFirst()
                .orElseThrow();
    }

    List<PoolSnapshot> pools() {
        return memfuse.registry().snapshot().pools();
    }

    /** Returns how many connections the pool of the struck database has, in its own words and in the server's. */
    List<Integer> connections() {
        return List.of(struckPool().stats().total(), backends());
    }

    /** Returns how many connections to the struck database the server knows of. */
    int backends() {
        return Integer.parseInt(
                server.query(
                        "postgres",
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'campaign' AND backend_type = 'client backend'"));
    }

    /** Returns how many threads of each kind MemFuse, its pools and drivers have. */
    static Map<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("memfuse") || name.startsWith("reactor") || name.startsWith("Hikari"))
                .map(name -> name.replaceAll("\\d+", "#"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    /** Returns the numbers in the table, each as often as it is there. */
    List<Long> written(Load load) {
        String sql = "SELECT coalesce(string_agg(number::text, ','), '') FROM written";
        String all = load == struck ? server.query(DATABASE, sql) : (load == others.get(0) ? first : second).query(sql);
        return List.of(all.split(",")).stream()
                .filter(number -> !number.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    /** Ends the callers and the platform, and removes what it made. */
    void end() throws InterruptedException {
        for (Load load : all()) {
            load.end();
        }
        memfuse.close();
        proxy.close();
        dropDatabase();
        administrate("DROP ROLE campaign");
        first.execute("DROP TABLE written");
        second.execute("DROP TABLE written");
    }
}
