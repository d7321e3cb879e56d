package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A login that has a time to be done in, as a part of a longer one. Whoever cancels it gets no session, and none is left behind.
 * Thread-safe.
 */
final class BoundedLogin implements Timed.Outcome<Session> {

    private final MonoSink<Session> sink;
    private final AtomicReference<@Nullable Session> made = new AtomicReference<>();
    private volatile boolean cancelled;

    private BoundedLogin(MonoSink<Session> sink) {
        this.sink = sink;
    }

    /** Returns the login; it fails with a {@link java.util.concurrent.TimeoutException} if the time is up. */
    static Mono<Session> of(Mono<Session> login, Duration limit, PoolContext context) {
        return Mono.create(sink -> {
            var bounded = new BoundedLogin(sink);
            Timed<Session> timed = Timed.start(login, limit, context, bounded);
            sink.onCancel(() -> {
                timed.cancel();
                bounded.cancel();
            });
        });
    }

    @Override
    public void done(@Nullable Session session, @Nullable Throwable failure) {
        if (session == null) {
            sink.error(failure == null ? new IllegalStateException("no connection was made") : failure);
            return;
        }
        // INVARIANT: here `made` is written and then `cancelled` read; who cancels writes that and then takes
        // what was made. Whichever comes first, one of the two sees the other. Once it was handed on, nobody
        // cancels any more.
        made.set(session);
        if (cancelled) {
            cutOff();
        } else {
            sink.success(session);
        }
    }

    @Override
    public void tooLate(Session session) {
        session.cutOff();
    }

    private void cancel() {
        cancelled = true;
        cutOff();
    }

    private void cutOff() {
        Session session = made.getAndSet(null);
        if (session != null) {
            session.cutOff();
        }
    }
}
