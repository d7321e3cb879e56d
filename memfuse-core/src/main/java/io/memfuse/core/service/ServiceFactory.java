package io.memfuse.core.service;

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
