package io.memfuse.cli;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.config.ConnectionPoolConfig;
import io.memfuse.config.DatabaseConfig;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseConfig;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.time.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configuration that a command works with, and the embedded server if it is the built-in one. */
final class Setup implements AutoCloseable {

    private static final String BUILT_IN = "memfuse.yaml";

    private final MemFuseConfig config;
    private final @Nullable EmbeddedPostgres server;

    private Setup(MemFuseConfig config, @Nullable EmbeddedPostgres server) {
        this.config = config;
        this.server = server;
    }

    /**
     * Reads the file, or the built-in configuration and starts the server that it needs.
     *
     * @param progress is told of the server
     * @param err is told what the user should know whatever else is shown
     * @throws io.memfuse.config.ConfigException if the file is wrong
     * @throws io.memfuse.cli.embedded.EmbeddedPostgresException if there can be no server
     */
    static Setup of(Optional<Path> file, PrintStream progress, PrintStream err)
            throws IOException, InterruptedException {
        if (file.isPresent()) {
            MemFuseConfig config = MemFuse.builder().config(file.get()).check();
            NothingToDo.warn(file.get(), config, err);
            return new Setup(config, null);
        }
        MemFuseConfig config = builtIn();
        EmbeddedPostgres server = startServer(config.connectionPool().warmupConfigs(), progress);
        return new Setup(directed(config, server.port()), server);
    }

    private static MemFuseConfig builtIn() throws IOException {
        Path copy = Files.createTempFile("memfuse", ".yaml");
        try (InputStream in = Objects.requireNonNull(Setup.class.getResourceAsStream(BUILT_IN), BUILT_IN)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return MemFuseConfig.load(copy);
        } finally {
            Files.delete(copy);
        }
    }

    private static EmbeddedPostgres startServer(List<DatabaseConfig> entries, PrintStream progress)
            throws InterruptedException {
        int wanted = entries.get(0).spec().endpoints().first().port();
        progress.println("starting an embedded PostgreSQL (its first start unpacks it)");
        long startNanos = System.nanoTime();
        EmbeddedPostgres server = EmbeddedPostgres.start(
                wanted,
                entries.stream()
                        .map(entry -> entry.spec().database())
                        .distinct()
                        .toList());
        String taken = server.port() == wanted ? "" : " (port " + wanted + " is in use)";
        progress.println("embedded PostgreSQL listens on localhost:" + server.port() + taken + ", started in "
                + Durations.format(Duration.ofNanos(System.nanoTime() - startNanos)));
        return server;
    }

    /** The built-in entries name one server; where it is, is known only now. */
    private static MemFuseConfig directed(MemFuseConfig config, int port) {
        ConnectionPoolConfig pools = config.connectionPool();
        List<DatabaseConfig> entries = pools.warmupConfigs().stream()
                .map(entry -> new DatabaseConfig(entry.name(), directed(entry.spec(), port), entry.pinned()))
                .toList();
        return new MemFuseConfig(
                config.databases(),
                new ConnectionPoolConfig(pools.openPools(), entries, pools.precacheConfigs()),
                config.services(),
                config.monitoring(),
                config.origins());
    }

    private static PoolSpec directed(PoolSpec spec, int port) {
        return spec.withEndpoints(Endpoints.of("localhost", port));
    }

    /** Returns the configuration, directed to the embedded server if there is one. */
    MemFuseConfig config() {
        return config;
    }

    /** Stops the embedded server, if there is one. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
