package io.memfuse.core.service;

import java.util.Objects;

/**
 * One service of one user, by name.
 *
 * @param user the user; not blank
 * @param service the name of the service, such as {@code memory}; not blank
 */
public record ServiceKey(String user, String service) {

    public ServiceKey {
        if (Objects.requireNonNull(user, "user").isBlank()) {
            throw new IllegalArgumentException("user is empty");
        }
        if (Objects.requireNonNull(service, "service").isBlank()) {
            throw new IllegalArgumentException("service is empty");
        }
    }

    /** Returns {@code service of user}. */
    @Override
    public String toString() {
        return service + " of " + user;
    }
}
