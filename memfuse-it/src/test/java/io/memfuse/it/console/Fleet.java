package io.memfuse.it.console;

import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.it.TestDatabase;
import io.memfuse.services.memory.MemoryService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A platform of several databases on one server, one of which is dead, under a load that rises and falls. */
final class Fleet implements AutoCloseable {

    /** How many borrowers each database has; the pools have four connections at most, so that some wait. */
    private static final Map<String, Integer> BORROWERS =
            Map.of("orders", 7, "billing", 3, "users", 4, "search", 2, "reports", 1, "sessions", 3, "inventory", 2);

    static final String DEAD = "archive";

    /** Another name of the database {@code orders}. */
    static final String SECOND_NAME = "shop";

    static final String NEVER_OPENED = "attic";

    private final TestDatabase database;
    private final String suffix;
    private final MemFuse memfuse;
    private final ExecutorService load = Executors.newCachedThreadPool();
    private volatile boolean ended;

    private Fleet(TestDatabase database, String suffix, MemFuse memfuse) {
        this.database = database;
        this.suffix = suffix;
        this.memfuse = memfuse;
    }

    /** Makes the databases, starts the platform, and the load. */
    static Fleet start(TestDatabase database, String suffix, Path folder, PoolListener listener) throws IOException {
        BORROWERS.keySet().forEach(name -> database.execute("CREATE DATABASE " + name + suffix));
        MemFuse memfuse = MemFuse.builder()
                .config(Files.writeString(folder.resolve("memfuse.yaml"), yaml(database, suffix)))
                .poolListener(listener)
                .start();
        var fleet = new Fleet(database, suffix, memfuse);
        BORROWERS.forEach((name, borrowers) -> {
            for (int i = 0; i < borrowers; i++) {
                fleet.load.execute(() -> fleet.borrow(name));
            }
        });
        fleet.load.execute(fleet::remember);
        return fleet;
    }

    private static String yaml(TestDatabase database, String suffix) {
        List<String> names = new ArrayList<>(List.of("orders"));
        BORROWERS.keySet().stream()
                .filter(name -> !name.equals("orders"))
                .sorted()
                .forEach(names::add);
        var yaml =
                new StringBuilder("defaults: {host: %s, port: %d, user: %s, password: %s, min_size: 2, max_size: 5}\n"
                        .formatted(
                                database.server().host(),
                                database.server().port(),
                                database.server().user(),
                                database.server().password()));
        yaml.append("databases:\n");
        names.forEach(name -> yaml.append("  %s: {database: %s}\n".formatted(name, name + suffix)));
        yaml.append("  %s: {port: 1, timeout: 2s}\n".formatted(DEAD));
        yaml.append("  %s: {database: %s}\n".formatted(SECOND_NAME, "orders" + suffix));
        yaml.append("  %s: {port: 2}\n".formatted(NEVER_OPENED));
        names.add(DEAD);
        yaml.append("connection_pool:\n  warmup_configs: ").append(names).append('\n');
        yaml.append(
                "  precache_configs: [{user: alice, services: [memory, buffer, storage]}, {user: bob, services: [memory]}]\n");
        return yaml.toString();
    }

    MemFuse memfuse() {
        return memfuse;
    }

    private void borrow(String name) {
        while (!ended) {
            try (Connection connection = memfuse.dataSource(name).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("select pg_sleep(" + (0.02 + wave() * 0.05) + ")");
            } catch (Exception closing) {
                continue;
            }
            pause((long) (5 + (1 - wave()) * 120));
        }
    }

    private void remember() {
        for (int i = 0; !ended; i++) {
            try {
                memfuse.services().get(i % 3 == 0 ? "bob" : "alice", MemoryService.class);
            } catch (RuntimeException closing) {
                return;
            }
            pause(4);
        }
    }

    /** Goes from 0 to 1 and back within half a minute. */
    private static double wave() {
        return (1 + Math.sin(System.nanoTime() / 5e9)) / 2;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended = true;
        load.shutdown();
        memfuse.shutdown(Duration.ofSeconds(10));
        BORROWERS.keySet().forEach(name -> database.execute("DROP DATABASE " + name + suffix + " WITH (FORCE)"));
    }
}
