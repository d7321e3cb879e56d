package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A driver without a server. Logins succeed at once, or wait for the test to end them. Thread-safe. */
final class FakeDriver implements SessionDriver, SessionDriver.Factory {

    private final List<FakeSession> sessions = new CopyOnWriteArrayList<>();
    private final Queue<Sinks.One<Session>> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean byHand;

    @Override
    public SessionDriver create(PoolSpec spec, PoolKey<?> key) {
        return this;
    }

    @Override
    public Mono<Session> connect() {
        return Mono.defer(() -> {
            if (!byHand) {
                return Mono.just(session());
            }
            Sinks.One<Session> login = Sinks.one();
            waiting.add(login);
            return login.asMono().doOnCancel(() -> waiting.remove(login));
        });
    }

    private FakeSession session() {
        var session = new FakeSession();
        sessions.add(session);
        return session;
    }

    /** From now on the test says how each login ends. */
    void byHand() {
        byHand = true;
    }

    /** Returns how many logins wait for the test. */
    int waiting() {
        return waiting.size();
    }

    void succeed() {
        waiting.remove().tryEmitValue(session()).orThrow();
    }

    void fail(Throwable failure) {
        waiting.remove().tryEmitError(failure).orThrow();
    }

    /** Returns all that were made, in order. */
    List<FakeSession> sessions() {
        return List.copyOf(sessions);
    }

    /** Returns how many are connected. */
    int connected() {
        return (int) sessions.stream().filter(FakeSession::isConnected).count();
    }
}
