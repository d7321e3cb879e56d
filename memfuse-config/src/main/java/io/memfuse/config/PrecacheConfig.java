package io.memfuse.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code precache_configs}: a user whose services are made at the start. Immutable and thread-safe.
 *
 * @param user the user; not blank
 * @param services names of the services, at least one
 * @param database the name of the database that the user's services live on; null for the first one
 */
public record PrecacheConfig(
        String user, List<String> services, @Nullable String database) {

    /** @throws IllegalArgumentException if the user is blank or there are no services */
    public PrecacheConfig {
        if (Objects.requireNonNull(user, "user").isBlank()) {
            throw new IllegalArgumentException("user is empty");
        }
        services = List.copyOf(services);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("services of " + user + " are empty");
        }
    }

    /** Makes an entry of a user whose services live on the first database. */
    public PrecacheConfig(String user, List<String> services) {
        this(user, services, null);
    }
}
