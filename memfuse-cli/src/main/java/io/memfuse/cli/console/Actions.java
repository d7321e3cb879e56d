package io.memfuse.cli.console;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import io.memfuse.core.registry.PoolState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be done to a pool. */
final class Actions {

    private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

    private final PoolRegistry registry;
    private final EventLog events;
    private final Duration patience;

    /**
     * @param events is told of what is asked for
     * @param patience how long an answer may take; what is not done by then goes on, and the answer says so
     */
    Actions(PoolRegistry registry, EventLog events, Duration patience) {
        this.registry = registry;
        this.events = events;
        this.patience = patience;
    }

    /** Does {@code action} to the pool whose key has this text. */
    Answer apply(String key, String action, Map<String, String> parameters) throws InterruptedException {
        Optional<PoolSnapshot> pool = registry.snapshot().pools().stream()
                .filter(known -> known.key().toString().equals(key))
                .findFirst(); // Of those that drain beside the one that serves, it is the one that serves.
        if (pool.isEmpty()) {
            return Answer.error(404, "there is no pool " + key + "; /api/pools has the keys of all");
        }
        try {
            return apply(pool.get(), action, parameters);
        } catch (PoolException | IllegalArgumentException refused) {
            return Answer.error(409, String.valueOf(refused.getMessage()));
        }
    }

    private Answer apply(PoolSnapshot pool, String action, Map<String, String> parameters) throws InterruptedException {
        return switch (action) {
            case "evict" -> {
                tell(pool, action);
                CompletionStage<Optional<DrainReport>> evicted = registry.evict(pool.key());
                yield pool.state() == PoolState.OPEN
                        ? accepted("leaves; the next request opens a new one")
                        : await(evicted, Actions::evicted);
            }
            case "drain" -> {
                tell(pool, action);
                yield await(registry.evict(pool.key()), Actions::evicted);
            }
            case "soft-evict" -> {
                tell(pool, action);
                yield await(registry.softEvict(pool.key()), told -> softEvicted(pool));
            }
            case "resize" -> resize(pool, parameters);
            default ->
                Answer.error(404, "there is no action '" + action + "'; there are evict, soft-evict, drain and resize");
        };
    }

    /** @throws PoolException if the database was removed meanwhile: then nothing is asked for */
    private void tell(PoolSnapshot pool, String what) {
        registry.spec(pool.key());
        LOG.info("{}: {} was asked for through the console", pool.key(), what);
        events.asked(pool.key(), what);
    }

    private static String evicted(Optional<DrainReport> report) {
        return report.map(DrainReport::summary).orElse("was not open; the next request tries to open it at once");
    }

    private static String softEvicted(PoolSnapshot pool) {
        return pool.state() == PoolState.OPEN
                ? "replaces its connections, those in use as they come back"
                : "is not open; nothing was done";
    }

    private Answer resize(PoolSnapshot pool, Map<String, String> parameters) throws InterruptedException {
        int min;
        int max;
        try {
            min = Integer.parseInt(parameters.getOrDefault("min", ""));
            max = Integer.parseInt(parameters.getOrDefault("max", ""));
        } catch (NumberFormatException e) {
            return Answer.error(400, "resize needs two whole numbers: resize?min=5&max=20");
        }
        CompletionStage<?> resized = registry.resize(pool.key(), min, max);
        tell(pool, "resize to " + min + " to " + max);
        String will = pool.state() == PoolState.OPEN ? "has " : "is not open; when it is, it has ";
        return await(resized, unused -> will + min + " to " + max + " connections");
    }

    private <T> Answer await(CompletionStage<T> stage, Function<T, String> text) throws InterruptedException {
        try {
            T result = stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Answer.json(200, json -> json.writeStringProperty("done", text.apply(result)));
        } catch (TimeoutException e) {
            return accepted("is under way");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return Answer.error(409, String.valueOf((cause == null ? e : cause).getMessage()));
        }
    }

    private static Answer accepted(String text) {
        return Answer.json(202, json -> json.writeStringProperty("done", text));
    }
}
