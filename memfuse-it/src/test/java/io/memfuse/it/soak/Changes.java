package io.memfuse.it.soak;

import io.memfuse.config.MemFuse;
import io.memfuse.config.ReloadReport;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.it.Backends.Backend;
import io.memfuse.it.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What happens to a platform in its life, drawn from a seed: pools are evicted, the configuration is loaded anew, a database comes and
 * goes, and the server ends connections. Not thread-safe.
 */
final class Changes {

    private static final long ANSWER_SECONDS = 60;

    private final List<TestDatabase> databases;
    private final Path file;
    private final Random random;
    private int version;
    private int evictions;
    private int reloads;
    private int terminated;

    Changes(List<TestDatabase> databases, Path folder, long seed) {
        this.databases = databases;
        this.file = folder.resolve("memfuse.yaml");
        this.random = new Random(seed);
    }

    /** Writes the configuration of now: {@code orders} and {@code stock} through JDBC, {@code events} through R2DBC. */
    Path write() throws IOException {
        TestDatabase first = databases.get(0);
        boolean visitor = version % 2 == 1;
        return Files.writeString(file, """
                defaults: {host: %s, port: %d, user: %s, password: %s, min_size: 2, timeout: 20s}
                databases:
                  orders: {database: %s, max_size: %d}
                  stock: {database: %s, max_size: 4, server_settings: {application_name: stock-%d}}
                  events: {database: %s, provider: r2dbc, max_size: %d}
                %s
                connection_pool: {warmup_configs: [orders, stock, events%s]}
                """.formatted(
                        first.server().host(),
                        first.server().port(),
                        first.server().user(),
                        first.server().password(),
                        first.name(),
                        4 + version % 3,
                        databases.get(1).name(),
                        version,
                        databases.get(2).name(),
                        4 + version % 3,
                        visitor ? "  visitor: {database: " + databases.get(3).name() + ", max_size: 3}" : "",
                        visitor ? ", visitor" : ""));
    }

    /** Evicts one of the pools; who uses it goes on with its successor. */
    void evict(MemFuse memfuse) {
        List<PoolSnapshot> pools = memfuse.registry().snapshot().pools();
        memfuse.registry()
                .evict(pools.get(random.nextInt(pools.size())).key())
                .toCompletableFuture()
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .join();
        evictions++;
    }

    /** Loads a configuration with other sizes, another server setting, and one database more or less. */
    void reload(MemFuse memfuse) throws IOException {
        version++;
        ReloadReport report = memfuse.reload(write());
        if (!report.allWell()) {
            throw new AssertionError("a reload failed: " + report.lines());
        }
        reloads++;
    }

    /** Has the server end one connection. */
    void terminate() {
        TestDatabase database = databases.get(random.nextInt(3));
        List<Backend> all = database.backends().all();
        if (!all.isEmpty()) {
            database.backends().terminate(all.get(random.nextInt(all.size())).pid());
            terminated++;
        }
    }

    int terminated() {
        return terminated;
    }

    @Override
    public String toString() {
        return evictions + " evictions, " + reloads + " reloads, " + terminated + " connections ended by the server";
    }
}
