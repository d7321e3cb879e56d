package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import reactor.core.publisher.Mono;

/**
 * Our provider on a driver of the benchmarks' own, which is why this class stands in the provider's package: to put another
 * driver beneath it is nobody else's business. Works on the class path only.
 */
public final class StubR2dbc {

    private StubR2dbc() {}

    /** Returns a provider whose pools take their physical connections from {@code driver}. */
    public static R2dbcPoolProvider on(ConnectionFactory driver) {
        return new R2dbcPoolProvider((spec, context) -> timeout -> Mono.from(driver.create())
                .map(connection -> new StubSession(connection, connection.getTransactionIsolationLevel())));
    }

    private record StubSession(Connection connection, IsolationLevel isolationAtLogin) implements Session {

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public String name() {
            return "stub";
        }

        @Override
        public void whenDisconnected(Runnable action) {}

        @Override
        public boolean inTransaction() {
            return false;
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
        public void cutOff() {}
    }
}
