package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A driver without a server. Logins succeed at once, or wait for the test to end them. Thread-safe. */
final class FakeDriver implements SessionDriver, SessionDriver.Factory {

    private final List<FakeSession> sessions = new CopyOnWriteArrayList<>();
    private final Queue<Sinks.One<Session>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private volatile boolean byHand;

    /** What the login was given that was begun last. */
    volatile Duration timeoutOfTheLast = Duration.ZERO;

    /** There is no memory to begin a login, or where it is subscribed to. */
    volatile boolean failsToConnect;

    volatile boolean failsWhenSubscribed;

    @Override
    public SessionDriver create(PoolSpec spec, PoolContext context) {
        return this;
    }

    @Override
    public Mono<Session> connect(Duration timeout) {
        timeoutOfTheLast = timeout;
        if (failsToConnect) {
            throw new InternalError("thrown on purpose");
        }
        return Mono.defer(() -> {
            if (failsWhenSubscribed) {
                throw new InternalError("thrown on purpose");
            }
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
        session.whenDisconnected(connected::decrementAndGet);
        peak.accumulateAndGet(connected.incrementAndGet(), Math::max);
        sessions.add(session);
        return session;
    }

    /** Returns the one that was made last. */
    FakeSession youngest() {
        return sessions.get(sessions.size() - 1);
    }

    /** Returns how many were connected at once, at most. */
    int peak() {
        return peak.get();
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
        succeed(session -> {});
    }

    /** @param change of what is connected, before the pool has it */
    void succeed(Consumer<FakeSession> change) {
        FakeSession session = session();
        change.accept(session);
        waiting.remove().tryEmitValue(session).orThrow();
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
        return connected.get();
    }
}
