package io.memfuse.core.pool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why an attempt to connect failed, where an adapter knows it better than its driver's error says. For adapters. */
public final class ConnectFailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String reason;

    public ConnectFailureException(ConnectFailure failure, @Nullable Throwable cause) {
        super(Objects.requireNonNull(failure, "failure").reason(), cause);
        this.kind = failure.kind();
        this.reason = failure.reason();
    }

    /** Returns what is known. */
    public ConnectFailure failure() {
        return new ConnectFailure(kind, reason);
    }
}
