package io.memfuse.config.platform;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolRegistry;
import java.util.function.Consumer;

/** What a registry has at this moment: the application may register and remove databases itself, at any time. */
public final class Registered {

    private Registered() {}

    public static boolean is(PoolRegistry registry, PoolKey<?> key) {
        return tell(key, registry::spec);
    }

    /** Does nothing if it is not registered any more; the next reload registers again what the file has. */
    public static boolean tell(PoolKey<?> key, Consumer<PoolKey<?>> action) {
        try {
            action.accept(key);
            return true;
        } catch (PoolConfigurationException gone) {
            return false;
        }
    }
}
