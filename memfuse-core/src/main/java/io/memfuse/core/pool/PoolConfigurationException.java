package io.memfuse.core.pool;

import org.jspecify.annotations.Nullable;

/** The request itself is wrong: an unknown provider, a key that nobody registered, one key with two sets of limits. */
public final class PoolConfigurationException extends PoolException {

    private static final long serialVersionUID = 2L;

    /** @param text what is wrong, where, and what to do */
    public PoolConfigurationException(@Nullable PoolKey<?> key, String text) {
        super("PoolMisconfigured", PoolFailure.MISCONFIGURED, key, text, Circumstances.UNKNOWN, null);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
