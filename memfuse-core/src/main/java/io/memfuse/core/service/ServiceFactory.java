package io.memfuse.core.service;

import java.util.List;

/**
 * Makes one service for one user: the SPI to add a kind of service. Found by {@link java.util.ServiceLoader}, bound in
 * Guice, or given to the cache by hand. Thread-safe; services of several users are made at once.
 *
 * @param <S> the service, as callers ask for it
 */
public interface ServiceFactory<S> {

    /** Returns the name by which configuration asks for the service, such as {@code memory}. */
    String name();

    /** Returns the type by which programs ask for the service. */
    Class<S> type();

    /** Returns the settings of this kind of service, which {@link ServiceContext#settings()} has the values of; none unless overridden. */
    default List<ServiceSetting<?>> settings() {
        return List.of();
    }

    /**
     * Checks settings that are each within their range. Called before anything is made.
     *
     * @throws IllegalArgumentException if they do not go together; users of the configuration are shown the message
     */
    default void check(ServiceSettings settings) {}

    /**
     * Makes the service of the user that {@code context} names. Called once for each user, on the engine's executor, under
     * no lock; may block. When it throws it has left nothing behind.
     */
    S create(ServiceContext context) throws Exception;

    /**
     * Closes a service that the cache lets go of, before the services it depends on are closed. May block, to write what is
     * not yet written. Unless overridden, calls {@link AutoCloseable#close()} if the service has it.
     */
    default void close(S service) throws Exception {
        if (service instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
