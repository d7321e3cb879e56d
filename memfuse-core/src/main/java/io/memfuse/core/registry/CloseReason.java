package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;

/** Why a slot serves nobody any more. */
enum CloseReason {
    /** The registry was closed. */
    SHUT_DOWN {
        @Override
        PoolClosedException exception(PoolKey<?> key) {
            return PoolClosedException.registryClosed(key);
        }
    },
    /** The database was removed from the registry. */
    REMOVED {
        @Override
        PoolClosedException exception(PoolKey<?> key) {
            return PoolClosedException.removed(key);
        }
    };

    /** Returns what whoever still asks is told. */
    abstract PoolClosedException exception(PoolKey<?> key);
}
