package io.memfuse.core.startup;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was warmed and pre-cached, what failed and why, how long each took. Immutable and thread-safe; contains no secret.
 *
 * @param pools one entry for each pool of the plan, in its order
 * @param services one entry for each service of the plan, in its order
 * @param readyAfter from the start until the last entry had settled
 */
public record StartupReport(List<PoolEntry> pools, List<ServiceEntry> services, Duration readyAfter) {

    public StartupReport {
        pools = List.copyOf(pools);
        services = List.copyOf(services);
    }

    /** Tells whether every entry went well. */
    public boolean allWell() {
        return Stream.<Entry>concat(pools.stream(), services.stream())
                .allMatch(entry -> entry.error().isEmpty());
    }

    /** One line of the report. */
    public sealed interface Entry {

        /** Returns how long it took to settle. */
        Duration took();

        /** Returns why it failed, if it did, or null. */
        @Nullable RuntimeException failure();

        /** Returns why it failed, in a sentence for the user, if it did. */
        default Optional<String> error() {
            return Optional.ofNullable(failure()).map(RuntimeException::getMessage);
        }
    }

    /**
     * A pool of the plan. It went well if it has no failure; a pool may be open and have one, when it got fewer connections
     * than its minimum.
     *
     * @param key the pool
     * @param state where it was when it settled
     * @param connections the connections it had when it settled
     * @param took how long it took to settle
     * @param failure why it failed, or null
     */
    public record PoolEntry(
            PoolKey<?> key,
            PoolState state,
            int connections,
            Duration took,
            @Nullable RuntimeException failure) implements Entry {}

    /** What came of a service. */
    public enum ServiceState {
        /** It is made. */
        READY,
        /** It is not there; it is tried again in the background if that can help. */
        FAILED
    }

    /**
     * A service of the plan.
     *
     * @param key user and service
     * @param took how long it took to settle
     * @param failure why it failed, or null
     */
    public record ServiceEntry(
            ServiceKey key, Duration took, @Nullable RuntimeException failure) implements Entry {

        /** Returns what came of it. */
        public ServiceState state() {
            return failure == null ? ServiceState.READY : ServiceState.FAILED;
        }
    }
}
