package io.memfuse.core.startup;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.service.ServiceKey;

/**
 * Is told of the progress of a start-up, by several threads at once: must be thread-safe and must not block. What it throws
 * is caught and logged.
 */
public interface StartupListener {

    /** Listens to nothing. */
    StartupListener NONE = new StartupListener() {};

    /** The warm-up of a pool began. */
    default void warming(PoolKey<?> key) {}

    /** A pool settled, well or not. */
    default void settled(StartupReport.PoolEntry entry) {}

    /** The making of a service began. */
    default void precaching(ServiceKey key) {}

    /** A service settled, well or not. */
    default void settled(StartupReport.ServiceEntry entry) {}
}
