package io.memfuse.it.fault;

import io.memfuse.config.MemFuse;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private static final int MIN_SIZE = 2;
    private static final int MAX_SIZE = 4;
    private static final int STRUCK_CALLERS = 6;
    private static final int OTHER_CALLERS = 3;

    private final StruckServer server;
    private final TestDatabase first;
    private final TestDatabase second;
    private final List<Technology> technologies;
    private final FaultProxy proxy;
    private final MemFuse memfuse;
    private final List<Load> struck;
    private final List<Load> others = new ArrayList<>();

    /** Each database is used through each of these technologies, by callers and a pool of its own. */
    Scene(StruckServer server, TestDatabase first, TestDatabase second, Path folder, Technology... technologies)
            throws IOException {
        this.server = server;
        this.first = first;
        this.second = second;
        this.technologies = List.of(technologies);
        proxy = new FaultProxy(server.host(), server.port());
        server.execute("postgres", "CREATE ROLE campaign LOGIN PASSWORD '" + PASSWORD + "'");
        createDatabase();
        first.execute(Writers.TABLE);
        second.execute(Writers.TABLE);
        memfuse = MemFuse.start(Files.writeString(folder.resolve("memfuse.yaml"), yaml()));
        struck = loads(DATABASE, STRUCK_CALLERS);
        others.addAll(loads("first", OTHER_CALLERS));
        others.addAll(loads("second", OTHER_CALLERS));
    }

    private List<Load> loads(String database, int callers) {
        return technologies.stream()
                .map(technology ->
                        new Load(database, callers, technology.writer(memfuse, database + "-" + technology.provider())))
                .toList();
    }

    private String yaml() {
        Map<String, String> ways = new TreeMap<>(Map.of(
                DATABASE,
                way(proxy.host(), proxy.port(), "campaign", PASSWORD, DATABASE),
                "first",
                way(first),
                "second",
                way(second)));
        var entries = new StringBuilder();
        var names = new ArrayList<String>();
        for (Technology technology : technologies) {
            ways.forEach((name, way) -> {
                String unique = name + "-" + technology.provider();
                names.add(unique);
                entries.append("  %s: {provider: %s, %s}\n".formatted(unique, technology.provider(), way));
            });
        }
        return """
                defaults: {min_size: %d, max_size: %d, timeout: %ds, command_timeout: %ds, ssl_mode: disable}
                databases:
                %sconnection_pool: {warmup_configs: %s}
                """.formatted(MIN_SIZE, MAX_SIZE, TIMEOUT.toSeconds(), COMMAND_TIMEOUT.toSeconds(), entries, names);
    }

    private static String way(TestDatabase database) {
        var server = database.server();
        return way(server.host(), server.port(), server.user(), server.password(), database.name());
    }

    private static String way(String host, int port, String user, String password, String database) {
        return "host: %s, port: %d, user: %s, password: %s, database: %s"
                .formatted(host, port, user, password, database);
    }

    StruckServer server() {
        return server;
    }

    FaultProxy proxy() {
        return proxy;
    }

    /** Returns the callers of the database that is struck, of each technology. */
    List<Load> struck() {
        return struck;
    }

    List<Load> others() {
        return others;
    }

    List<Load> all() {
        return Stream.concat(struck.stream(), others.stream()).toList();
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

    /** Closes the pools of the struck database, as if nobody had used them for long; their next callers open them again. */
    void evict() {
        struckPools().forEach(pool -> memfuse.registry().evict(pool.key()));
    }

    /** Shuts the platform down, while its callers go on. */
    void shutdown(Duration drainTimeout) {
        memfuse.shutdown(drainTimeout);
    }

    // What is looked at.

    private List<PoolSnapshot> struckPools() {
        return pools().stream()
                .filter(pool -> pool.key().endpoints().first().port() == proxy.port())
                .toList();
    }

    List<PoolSnapshot> pools() {
        return memfuse.registry().snapshot().pools();
    }

    /** Returns how many wait for the lock of the registry. */
    int waitingForTheLock() {
        return memfuse.registry().lockMetrics().waitingNow();
    }

    /** Returns how many connections the pools of the struck database have, in their own words. */
    int connections() {
        return struckPools().stream().mapToInt(pool -> pool.stats().total()).sum();
    }

    /** Returns how many connections to the struck database there are when nobody uses it, at least. */
    int fewest() {
        return MIN_SIZE * technologies.size();
    }

    /** Returns how many connections to the struck database there may be. */
    int most() {
        return MAX_SIZE * technologies.size();
    }

    /** Has each pool of the struck database lend all that it may have, at once. */
    void borrowAll() throws Exception {
        for (Technology technology : technologies) {
            technology.borrow(memfuse, DATABASE + "-" + technology.provider(), MAX_SIZE, () -> {});
        }
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

    /** Removes what was written; nobody may be at it. */
    void forgetWritten() {
        execute("TRUNCATE written");
        first.execute("TRUNCATE written");
        second.execute("TRUNCATE written");
        all().forEach(Load::disregard);
    }

    /** Returns the numbers in the table, each as often as it is there. */
    List<Long> written(Load load) {
        String sql = "SELECT coalesce(string_agg(number::text, ','), '') FROM written";
        String all = struck.contains(load)
                ? server.query(DATABASE, sql)
                : (load.database().equals("first") ? first : second).query(sql);
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
