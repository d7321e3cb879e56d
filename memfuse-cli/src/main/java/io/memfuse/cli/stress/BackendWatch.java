package io.memfuse.cli.stress;

import io.memfuse.core.pool.PoolSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Counts the connections to all databases of a configuration, again and again, and keeps the most. Thread-safe: only its
 * own thread talks to the servers.
 */
final class BackendWatch implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final List<ServerWatch> servers;
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(BackendWatch::thread);

    private final Consumer<String> warnings;

    /** Written by the thread of {@code sampler} only. */
    private volatile OptionalInt peak = OptionalInt.empty();

    private BackendWatch(List<ServerWatch> servers, Consumer<String> warnings) {
        this.servers = servers;
        this.warnings = warnings;
    }

    /**
     * Connects to each server once. If one cannot be looked at, none is: a sum that lacks a server says nothing.
     *
     * @param warnings is told of a server that cannot be looked at
     */
    static BackendWatch connect(Collection<PoolSpec> specs, Consumer<String> warnings) {
        Map<String, List<PoolSpec>> byServer = specs.stream()
                .collect(Collectors.groupingBy(spec -> spec.endpoints().toString()));
        var servers = new ArrayList<ServerWatch>();
        byServer.forEach((server, its) -> {
            try {
                servers.add(ServerWatch.connect(
                        its.get(0), its.stream().map(PoolSpec::database).toList()));
            } catch (SQLException e) {
                warnings.accept("the server backends are not counted: " + server + ": " + e.getMessage());
            }
        });
        if (servers.size() < byServer.size()) {
            servers.forEach(ServerWatch::close);
            servers.clear();
        }
        var watch = new BackendWatch(servers, warnings);
        if (!servers.isEmpty()) {
            watch.sampler.scheduleWithFixedDelay(
                    watch::sample, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "memfuse-stress-watch");
        thread.setDaemon(true);
        return thread;
    }

    private void sample() {
        try {
            look();
        } catch (SQLException e) {
            // A look that fails is one look less; count() tells of it.
        }
    }

    private int look() throws SQLException {
        int count = 0;
        for (ServerWatch server : servers) {
            count += server.count();
        }
        peak = OptionalInt.of(Math.max(peak.orElse(0), count));
        return count;
    }

    /** Returns how many connections there are now; nothing, and a warning, if they cannot be counted. */
    OptionalInt count() throws InterruptedException {
        if (servers.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(sampler.submit(this::look).get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            warnings.accept("the server backends could not be counted: " + e.getMessage());
            return OptionalInt.empty();
        }
    }

    /** Returns the most that there were at one look, if there was one. */
    OptionalInt peak() {
        return peak;
    }

    @Override
    public void close() {
        sampler.execute(() -> servers.forEach(ServerWatch::close));
        sampler.shutdown();
    }
}
