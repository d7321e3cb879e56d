package io.memfuse.core.service;

import io.memfuse.core.time.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What a {@link ServiceFactory} is given to make one service for one user. {@link #service} may be called on the thread
 * that runs {@link ServiceFactory#create}, and during that call only; the rest is thread-safe and stays valid.
 */
public interface ServiceContext {

    /** Returns the user whose service is made. */
    String user();

    /**
     * Returns another service of the same user, made first if need be. It is closed after the one that asked for it.
     *
     * @throws ServiceException if it cannot be made, or if it depends, directly or not, on the one that asks: the message
     *     names the cycle
     * @throws IllegalStateException if the service that asks is made already
     */
    <T> T service(Class<T> type);

    /**
     * Returns a durable resource of the user's database, such as a {@code javax.sql.DataSource}: to be kept as long as the
     * service lives.
     *
     * @throws ServiceException if no database offers a resource of this type
     */
    <R> R resource(Class<R> type);

    /** Returns the settings of the kind of service that is made. */
    default ServiceSettings settings() {
        return ServiceSettings.NONE;
    }

    /** Returns the shared scheduler; its work must not block, and goes to {@link #executor()} if it might. */
    ScheduledExecutorService scheduler();

    /** Returns the shared executor for work of the service that may block on its database. */
    Executor executor();

    /** Returns the time. */
    Ticker ticker();
}
