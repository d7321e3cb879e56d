package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Remembers what it was given. */
final class Borrower extends BaseSubscriber<Connection> {

    private volatile @Nullable Connection connection;
    private volatile @Nullable Throwable failure;

    Connection connection() {
        Connection given = connection;
        if (given == null) {
            throw new AssertionError("the borrower was given no connection", failure);
        }
        return given;
    }

    boolean isServed() {
        return connection != null;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(Connection given) {
        connection = given;
    }

    @Override
    protected void hookOnError(Throwable why) {
        failure = why;
    }
}
