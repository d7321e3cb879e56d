package io.memfuse.core.service;

/** Says which database a user's services live on. Thread-safe. */
@FunctionalInterface
public interface ServiceResources {

    /**
     * Returns a durable resource of the database of {@code user}.
     *
     * @throws ServiceException if there is none of this type
     */
    <R> R resource(String user, Class<R> type);
}
