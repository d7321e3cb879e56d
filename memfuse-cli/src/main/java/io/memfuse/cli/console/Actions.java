package io.memfuse.cli.console;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What can be done to a pool. */
final class Actions {

    private final PoolRegistry registry;
    private final Duration patience;

    /** @param patience how long an answer may take; what is not done by then goes on, and the answer says so */
    Actions(PoolRegistry registry, Duration patience) {
        this.registry = registry;
        this.patience = patience;
    }

    /** Does {@code action} to the pool whose key has this text. */
    Answer apply(String pool, String action, Map<String, String> parameters) throws InterruptedException {
        Optional<PoolKey<?>> key = registry.snapshot().pools().stream()
                .map(PoolSnapshot::key)
                .filter(known -> known.toString().equals(pool))
                .<PoolKey<?>>map(Function.identity())
                .findFirst();
        if (key.isEmpty()) {
            return Answer.error(404, "there is no pool " + pool + "; /api/pools has the keys of all");
        }
        try {
            return apply(key.get(), action, parameters);
        } catch (PoolException | IllegalArgumentException refused) {
            return Answer.error(409, String.valueOf(refused.getMessage()));
        }
    }

    private Answer apply(PoolKey<?> key, String action, Map<String, String> parameters) throws InterruptedException {
        return switch (action) {
            case "evict" -> {
                registry.evict(key);
                yield accepted("leaves; the next request opens a new pool");
            }
            case "drain" ->
                await(
                        registry.evict(key),
                        report -> report.map(DrainReport::summary).orElse("was not open"));
            case "soft-evict" ->
                await(registry.softEvict(key), told -> "replaces its connections, those in use as they come back");
            case "resize" -> resize(key, parameters);
            default ->
                Answer.error(404, "there is no action '" + action + "'; there are evict, soft-evict, drain and resize");
        };
    }

    private Answer resize(PoolKey<?> key, Map<String, String> parameters) throws InterruptedException {
        int min;
        int max;
        try {
            min = Integer.parseInt(parameters.getOrDefault("min", ""));
            max = Integer.parseInt(parameters.getOrDefault("max", ""));
        } catch (NumberFormatException e) {
            return Answer.error(400, "resize needs two whole numbers: resize?min=5&max=20");
        }
        return await(registry.resize(key, min, max), unused -> "has " + min + " to " + max + " connections");
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
