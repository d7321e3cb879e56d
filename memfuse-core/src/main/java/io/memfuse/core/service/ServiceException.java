package io.memfuse.core.service;

import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service of a user cannot be had. The message says which service of which user, what went wrong and what to do; it
 * starts with the stable code in brackets.
 */
public final class ServiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    /** Why a service cannot be had. */
    public enum Code {
        /** No factory makes such a service. */
        UNKNOWN_SERVICE("ServiceUnknown", false),
        /** Services depend on one another in a circle. */
        CYCLE("ServiceCycle", false),
        /** No database offers the resource that the service asks for. */
        NO_RESOURCE("ServiceResourceMissing", false),
        /** The factory failed. */
        FAILED("ServiceFailed", true),
        /** The factory has not finished in time; it goes on. */
        TIMEOUT("ServiceTimeout", true),
        /** The caller's thread was interrupted; its interrupt flag is set again. */
        INTERRUPTED("ServiceInterrupted", true),
        /** The cache is closed. */
        CLOSED("ServiceCacheClosed", false);

        private final String text;
        private final boolean retryable;

        Code(String text, boolean retryable) {
            this.text = text;
            this.retryable = retryable;
        }

        /** Returns the stable name, as it stands in messages. */
        @Override
        public String toString() {
            return text;
        }
    }

    private ServiceException(Code code, String text, @Nullable Throwable cause) {
        super("[MemFuse/" + code + "] " + Objects.requireNonNull(text), cause);
        this.code = code;
    }

    private ServiceException(ServiceException original) {
        super(original.getMessage(), original);
        this.code = original.code;
    }

    static ServiceException unknown(String service, Collection<String> known) {
        return new ServiceException(
                Code.UNKNOWN_SERVICE,
                "no factory makes the service '" + service + "'; known: " + String.join(", ", known)
                        + "; add its factory, or correct the name",
                null);
    }

    static ServiceException cycle(String user, List<String> path) {
        return new ServiceException(
                Code.CYCLE,
                "the services of user '" + user + "' depend on one another in a circle: " + String.join(" -> ", path)
                        + "; break it in one of their factories",
                null);
    }

    /** No database offers the resource that a service of {@code user} asks for. For implementations of {@link ServiceResources}. */
    public static ServiceException noResource(String user, Class<?> type, String text) {
        return new ServiceException(
                Code.NO_RESOURCE,
                "no " + type.getSimpleName() + " for the services of user '" + user + "': " + text,
                null);
    }

    /** Failures that are not the factory's own (a cycle, an unknown service) stay what they are. */
    static ServiceException failed(ServiceKey key, Throwable cause) {
        return cause instanceof ServiceException service && service.code != Code.FAILED
                ? service
                : new ServiceException(Code.FAILED, key + " could not be made: " + describe(cause), cause);
    }

    /** Returns the failure of a loading for one of the callers that waited for it, with that caller's stack. */
    static ServiceException forCaller(ServiceKey key, Throwable failure) {
        return failure instanceof ServiceException service ? new ServiceException(service) : failed(key, failure);
    }

    static ServiceException interrupted(ServiceKey key, InterruptedException cause) {
        return new ServiceException(Code.INTERRUPTED, "interrupted while waiting for " + key, cause);
    }

    static ServiceException timeout(ServiceKey key, Duration waited) {
        return new ServiceException(
                Code.TIMEOUT,
                key + " was still being made after " + Durations.format(waited)
                        + "; the making goes on; ask again, or check its database",
                null);
    }

    static ServiceException closed(ServiceKey key) {
        return new ServiceException(
                Code.CLOSED, key + " asked for after MemFuse was shut down; use it only while it is open", null);
    }

    private static String describe(Throwable cause) {
        try {
            // The message of a missing class is its name alone.
            return cause.getMessage() == null || cause instanceof Error ? cause.toString() : cause.getMessage();
        } catch (RuntimeException brokenMessage) {
            return cause.getClass().getName();
        }
    }

    /** Returns why the service cannot be had. */
    public Code code() {
        return code;
    }

    /** Tells whether the same request may succeed later. */
    public boolean retryable() {
        return code.retryable;
    }
}
