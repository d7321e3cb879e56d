package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import reactor.core.publisher.Mono;

/** One physical connection, and what a pool needs of it beyond R2DBC. As thread-safe as the connection. */
interface Session {

    /** Returns what the server calls it. */
    String name();

    /** Returns the driver's connection. */
    Connection connection();

    /** Tells whether it is still connected, as far as this side knows; asks nothing over the network. */
    boolean isConnected();

    /** Runs {@code action} once the connection has ended, from whichever side; it must not block. */
    void whenDisconnected(Runnable action);

    /** Tells whether the server's session is in a transaction, failed ones included; asks nothing over the network. */
    boolean inTransaction();

    /** Returns the isolation level that the session started with. */
    IsolationLevel isolationAtLogin();

    /** Asks the server for nothing: when it completes, everything that was sent before is done too. */
    Mono<Void> sync();

    /** Rolls back the transaction that the session is in. */
    Mono<Void> rollback();

    /** Gives back to the session's run-time parameter the value that it started with. */
    Mono<Void> reset(String parameter);

    /** Asks the server to cancel what the connection executes at the moment, on a connection of its own. */
    Mono<Void> cancel();

    /** Says good-bye to the server, and ends. */
    Mono<Void> close();

    /** Ends the connection at once, without a word to the server. */
    void cutOff();
}
