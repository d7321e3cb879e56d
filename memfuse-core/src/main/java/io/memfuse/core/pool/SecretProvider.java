package io.memfuse.core.pool;

/**
 * Knows the secrets of a store, such as a vault: <code>${NAME:REFERENCE}</code> in a configuration asks the provider of that
 * name. Found by {@link java.util.ServiceLoader}. Thread-safe.
 */
public interface SecretProvider {

    /** Returns the name by which configuration asks, in lower case: {@code vault}. */
    String name();

    /**
     * Returns a secret: when a configuration is read, and again each time the server refuses a login with what was returned
     * before. May block, for as long as a login may take at most; never called under a lock.
     *
     * @param reference what the configuration names, such as {@code databases/orders#password}
     * @throws Exception if it cannot be had; the message is not shown, because a secret may be in it
     */
    String secret(String reference) throws Exception;
}
