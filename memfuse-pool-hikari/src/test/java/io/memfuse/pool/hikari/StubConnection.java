package io.memfuse.pool.hikari;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection to nothing that costs next to nothing: what a pool itself calls is answered, all else refused. */
final class StubConnection extends ForwardingConnection {

    private static final Connection NOTHING = (Connection) Proxy.newProxyInstance(
            StubConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private final AtomicInteger open;
    private boolean closed;

    StubConnection(AtomicInteger open) {
        super(NOTHING);
        this.open = open;
        open.incrementAndGet();
    }

    @Override
    public boolean isValid(int timeoutSeconds) {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean getAutoCommit() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public int getTransactionIsolation() {
        return Connection.TRANSACTION_READ_COMMITTED;
    }

    @Override
    public int getNetworkTimeout() {
        return 0;
    }

    @Override
    public void setNetworkTimeout(Executor executor, int timeoutMillis) {}

    @Override
    public void clearWarnings() {}

    @Override
    public void beginRequest() {}

    @Override
    public void endRequest() {}

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            open.decrementAndGet();
        }
    }

    @Override
    public void abort(Executor executor) {
        close();
    }

    @Override
    public String toString() {
        return "stub";
    }
}
