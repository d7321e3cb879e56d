package io.memfuse.config;

import java.util.List;
import java.util.Objects;

/**
 * An entry of {@code precache_configs}: a user whose services are made at the start. Immutable and thread-safe.
 *
 * @param user the user; not blank
 * @param services names of the services, at least one
 */
public record PrecacheConfig(String user, List<String> services) {

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
}
