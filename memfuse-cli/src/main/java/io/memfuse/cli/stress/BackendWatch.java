package io.memfuse.cli.stress;

import io.memfuse.core.pool.PoolSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

    /** Written by the thread of {@code sampler} only. */
    private volatile int peak;

    private BackendWatch(List<ServerWatch> servers) {
        this.servers = servers;
    }

    /**
     * Connects to each server once.
     *
     * @param warnings is told of a server that cannot be looked at, whose connections are then not counted
     */
    static BackendWatch connect(Collection<PoolSpec> specs, Consumer<String> warnings) {
        Map<String, List<PoolSpec>> byServer =
                specs.stream().collect(Collectors.groupingBy(spec -> spec.host() + ":" + spec.port()));
        var servers = new ArrayList<ServerWatch>();
        byServer.forEach((server, its) -> {
            try {
                servers.add(ServerWatch.connect(
                        its.get(0), its.stream().map(PoolSpec::database).toList()));
            } catch (SQLException e) {
                warnings.accept("the connections of " + server + " are not counted: " + e.getMessage());
            }
        });
        var watch = new BackendWatch(servers);
        watch.sampler.scheduleWithFixedDelay(
                watch::sample, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
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
            // A look that fails is one look less; whoever asks for a count is told.
        }
    }

    private int look() throws SQLException {
        int count = 0;
        for (ServerWatch server : servers) {
            count += server.count();
        }
        peak = Math.max(peak, count);
        return count;
    }

    /** Returns how many connections there are now. */
    int count() throws SQLException, InterruptedException {
        try {
            return sampler.submit(this::look).get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new SQLException("the connections could not be counted: " + e.getMessage(), e);
        }
    }

    /** Returns the most that there were at one look. */
    int peak() {
        return peak;
    }

    @Override
    public void close() {
        sampler.execute(() -> servers.forEach(ServerWatch::close));
        sampler.shutdown();
    }
}
