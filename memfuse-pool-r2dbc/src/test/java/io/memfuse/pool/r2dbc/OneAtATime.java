package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A driver for a pool of one connection, of as little code as can be, that finds out whether that one is in two hands at once.
 * Thread-safe.
 */
final class OneAtATime implements SessionDriver {

    private final AtomicInteger holders = new AtomicInteger();
    private volatile boolean shared;
    private volatile boolean sentOnForAnother;
    private volatile @Nullable Line line;

    @Override
    public Mono<Session> connect(Duration timeout) {
        return Mono.fromSupplier(() -> {
            if (isConnected()) {
                shared = true;
            }
            var made = new Line();
            line = made;
            return made;
        });
    }

    /** A borrower was handed the connection. */
    void lent() {
        if (holders.incrementAndGet() > 1) {
            shared = true;
        }
        Line now = line;
        if (now != null && now.sending.get() > 0 && now.isConnected()) {
            sentOnForAnother = true;
        }
    }

    /** He is about to give it back. */
    void givenBack() {
        holders.decrementAndGet();
    }

    void cutOffByServer() {
        Line now = line;
        if (now != null) {
            now.cutOff();
        }
    }

    boolean isConnected() {
        Line now = line;
        return now != null && now.isConnected();
    }

    boolean wasShared() {
        return shared;
    }

    boolean wasSentOnForAnother() {
        return sentOnForAnother;
    }

    private static final class Line implements Session {

        private final AtomicBoolean up = new AtomicBoolean(true);
        private final FakeConnection connection = new FakeConnection();
        private final AtomicInteger sending = new AtomicInteger();
        private volatile @Nullable Runnable whenDisconnected;

        Line() {
            connection.beforeSending = this::send;
        }

        private void send() {
            sending.incrementAndGet();
            sending.decrementAndGet();
        }

        @Override
        public String name() {
            return "line";
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public boolean isConnected() {
            return up.get();
        }

        @Override
        public void whenDisconnected(Runnable action) {
            whenDisconnected = action;
            if (!up.get()) {
                action.run();
            }
        }

        @Override
        public boolean inTransaction() {
            return false;
        }

        @Override
        public IsolationLevel isolationAtLogin() {
            return IsolationLevel.READ_COMMITTED;
        }

        @Override
        public Mono<Void> sync() {
            return Mono.empty();
        }

        @Override
        public Mono<Void> rollback() {
            return Mono.empty();
        }

        @Override
        public Mono<Void> reset(String parameter) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> cancel() {
            return Mono.empty();
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }

        @Override
        public void cutOff() {
            if (up.compareAndSet(true, false)) {
                Runnable action = whenDisconnected;
                if (action != null) {
                    action.run();
                }
            }
        }
    }
}
