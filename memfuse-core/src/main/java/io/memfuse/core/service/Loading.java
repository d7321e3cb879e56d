package io.memfuse.core.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A service that is being made: all who ask for it join this one attempt. */
final class Loading {

    final ServiceKind<?> kind;
    final CompletableFuture<Object> made = new CompletableFuture<>();

    /** Whoever sets it makes the service: the executor, or a service that depends on it and came first. */
    final AtomicBoolean started = new AtomicBoolean();

    /** The thread that runs the factory, as long as it does. */
    volatile @Nullable Thread maker;

    /** The other service of this user that this one waits for at the moment. Guarded by the mutex of the user's services. */
    @Nullable Loading waitsFor;

    Loading(ServiceKind<?> kind) {
        this.kind = kind;
    }
}
