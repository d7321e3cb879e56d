package io.memfuse.core.startup;

import io.memfuse.core.pool.PoolKey;
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
        return Stream.<Entry>concat(pools.stream(), services.stream()).allMatch(entry -> entry.state() == State.READY);
    }

    /** What came of an entry. */
    public enum State {
        /** The pool is open and has its minimum of connections; the service is made. */
        READY,
        /** It is not there, or not whole; it is tried again in the background. */
        FAILED
    }

    /** One line of the report. */
    public sealed interface Entry {

        /** Returns what came of it. */
        State state();

        /** Returns how long it took to settle. */
        Duration took();

        /** Returns why it failed, in a sentence for the user, if it did. */
        Optional<String> error();
    }

    /**
     * A pool of the plan.
     *
     * @param key the pool
     * @param state what came of it
     * @param connections the connections it had when it settled
     * @param took how long it took to settle
     * @param failure why it failed, or null
     */
    public record PoolEntry(
            PoolKey<?> key,
            State state,
            int connections,
            Duration took,
            @Nullable RuntimeException failure) implements Entry {

        @Override
        public Optional<String> error() {
            return Optional.ofNullable(failure).map(RuntimeException::getMessage);
        }
    }

    /**
     * A service of the plan.
     *
     * @param key user and service
     * @param state what came of it
     * @param took how long it took to settle
     * @param failure why it failed, or null
     */
    public record ServiceEntry(
            ServiceKey key,
            State state,
            Duration took,
            @Nullable RuntimeException failure) implements Entry {

        @Override
        public Optional<String> error() {
            return Optional.ofNullable(failure).map(RuntimeException::getMessage);
        }
    }
}
