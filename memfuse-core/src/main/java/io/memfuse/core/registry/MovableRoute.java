package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Follows another route, which may change: the way to an open pool is one volatile read longer. Thread-safe.
 *
 * <p>INVARIANT: {@code followed} is changed before the route that was followed begins to refuse. So whoever is refused by a
 * route and still finds it here was refused for good reason, and whoever finds another one asks that: who is on the way while
 * it moves gets one of the two pools, and no refusal.
 */
final class MovableRoute<R> implements PoolRoute<R> {

    private volatile PoolRoute<R> followed;

    MovableRoute(PoolRoute<R> first) {
        this.followed = first;
    }

    PoolRoute<R> followed() {
        return followed;
    }

    void follow(PoolRoute<R> next) {
        followed = next;
    }

    @Override
    public PoolKey<R> key() {
        return followed.key();
    }

    @Override
    public R current() {
        while (true) {
            PoolRoute<R> asked = followed;
            try {
                return asked.current();
            } catch (PoolException e) {
                if (asked == followed || isOver(e)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public @Nullable R ifOpen() {
        return followed.ifOpen();
    }

    @Override
    public CompletionStage<R> whenOpen() {
        var found = new CompletableFuture<R>();
        ask(found);
        return found;
    }

    private void ask(CompletableFuture<R> found) {
        PoolRoute<R> asked = followed;
        asked.whenOpen().whenComplete((resource, failure) -> {
            if (failure == null) {
                found.complete(resource);
            } else if (asked == followed || isOver(failure)) {
                found.completeExceptionally(
                        failure); // As it is: who looks at it finds no CompletionException around it.
            } else {
                askNext(found);
            }
        });
    }

    /** On the thread of whoever was refused: what is thrown here would reach nobody. */
    private void askNext(CompletableFuture<R> found) {
        try {
            ask(found);
        } catch (RuntimeException | Error e) {
            found.completeExceptionally(e);
        }
    }

    /** The caller has no time left to ask another route. */
    private static boolean isOver(Throwable failure) {
        return failure instanceof PoolTimeoutException || failure instanceof PoolInterruptedException;
    }
}
