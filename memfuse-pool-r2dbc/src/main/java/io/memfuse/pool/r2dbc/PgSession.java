package io.memfuse.pool.r2dbc;

import io.netty.channel.Channel;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import java.net.InetSocketAddress;
import reactor.core.publisher.Mono;

/** A session of the PostgreSQL driver. As thread-safe as the driver's connection. */
final class PgSession implements Session {

    private final PostgresqlConnection connection;
    private final LoginChannels channels;
    private final Channel channel;
    private final IsolationLevel isolationAtLogin;
    private final String name;

    PgSession(PostgresqlConnection connection, LoginChannels channels) {
        this.connection = connection;
        this.channels = channels;
        this.channel = channels.last();
        this.name = name(channel);
        this.isolationAtLogin = connection.getTransactionIsolationLevel(); // The driver has asked the server.
    }

    /** By its port on this side: the driver keeps the server's process to itself, and the server tells the two apart. */
    private static String name(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress address
                ? "client_port " + address.getPort()
                : "channel " + channel.id();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public boolean isConnected() {
        return channel.isActive();
    }

    @Override
    public void whenDisconnected(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    /** The driver reads off each answer of the server whether it is in a transaction, and calls it not to commit by itself. */
    @Override
    public boolean inTransaction() {
        return !connection.isAutoCommit();
    }

    @Override
    public IsolationLevel isolationAtLogin() {
        return isolationAtLogin;
    }

    @Override
    public Mono<Void> sync() {
        return execute("");
    }

    /** Not by SQL: the driver goes back to the isolation level that it had before only if it ends the transaction itself. */
    @Override
    public Mono<Void> rollback() {
        return connection.rollbackTransaction();
    }

    @Override
    public Mono<Void> reset(String parameter) {
        return execute("RESET " + parameter);
    }

    private Mono<Void> execute(String sql) {
        return Mono.defer(() -> connection
                .createStatement(sql)
                .execute()
                .flatMap(PostgresqlResult::getRowsUpdated)
                .then());
    }

    @Override
    public Mono<Void> cancel() {
        return connection.cancelRequest();
    }

    @Override
    public Mono<Void> close() {
        return connection.close();
    }

    /** The channel that was to cancel, too: the driver opens it as one of the same login. */
    @Override
    public void cutOff() {
        channels.closeAll();
    }
}
