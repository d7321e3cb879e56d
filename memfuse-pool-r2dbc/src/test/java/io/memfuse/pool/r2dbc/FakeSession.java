package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/** A session without a server: remembers what it was asked to do. Thread-safe. */
final class FakeSession implements Session {

    private final AtomicBoolean connected = new AtomicBoolean(true);
    private final List<Runnable> whenDisconnected = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    final FakeConnection connection = new FakeConnection();
    volatile boolean inTransaction;
    volatile boolean silent;

    /** There is no memory to watch it, or to close it. */
    volatile boolean failsToBeWatched;

    volatile boolean failsToClose;

    /** There is no memory to clean it. */
    volatile boolean failsToSync;

    List<String> asked() {
        return List.copyOf(asked);
    }

    /** The server ends it, or the network. */
    void disconnect() {
        if (connected.compareAndSet(true, false)) {
            whenDisconnected.forEach(Runnable::run);
        }
    }

    /** Answers nothing any more, and is connected all the same. */
    void fallSilent() {
        silent = true;
        connection.silent = true;
    }

    private Mono<Void> ask(String what) {
        return Mono.defer(() -> {
            asked.add(what);
            return silent ? Mono.never() : Mono.empty();
        });
    }

    @Override
    public String name() {
        return "fake " + Integer.toHexString(hashCode());
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public boolean isConnected() {
        return connected.get();
    }

    @Override
    public void whenDisconnected(Runnable action) {
        if (failsToBeWatched) {
            throw new OutOfMemoryError("thrown on purpose");
        }
        whenDisconnected.add(action);
    }

    @Override
    public boolean inTransaction() {
        return inTransaction;
    }

    @Override
    public IsolationLevel isolationAtLogin() {
        return IsolationLevel.READ_COMMITTED;
    }

    @Override
    public Mono<Void> sync() {
        if (failsToSync) {
            throw new InternalError("thrown on purpose");
        }
        return ask("sync");
    }

    @Override
    public Mono<Void> rollback() {
        return ask("rollback").doOnSuccess(done -> inTransaction = false);
    }

    @Override
    public Mono<Void> reset(String parameter) {
        return ask("reset " + parameter);
    }

    @Override
    public Mono<Void> cancel() {
        return ask("cancel");
    }

    @Override
    public Mono<Void> close() {
        if (failsToClose) {
            throw new OutOfMemoryError("thrown on purpose");
        }
        return ask("close").doOnSuccess(done -> disconnect());
    }

    @Override
    public void cutOff() {
        disconnect();
    }
}
