package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A connection to nothing: every call succeeds, validation unless it is silent; it executes no statements. The isolation level of
 * a transaction stays, as the driver's does if the transaction is ended by SQL.
 */
final class FakeConnection implements Connection {

    volatile boolean silent;

    /** What it answers when it is asked whether it is sound; null for at once. */
    volatile @Nullable Mono<Boolean> answer;

    /** There is no memory to ask it. */
    volatile boolean failsToValidate;

    final AtomicInteger sent = new AtomicInteger();

    /** Something that happens between the subscription to a transaction's beginning and its being sent. */
    volatile Runnable beforeSending = () -> {};

    private volatile IsolationLevel isolation = IsolationLevel.READ_COMMITTED;

    @Override
    public Publisher<Void> beginTransaction() {
        return Mono.defer(() -> {
            beforeSending.run();
            sent.incrementAndGet();
            return Mono.empty();
        });
    }

    @Override
    public Publisher<Void> beginTransaction(TransactionDefinition definition) {
        return Mono.fromRunnable(() ->
                isolation = Objects.requireNonNull(definition.getAttribute(TransactionDefinition.ISOLATION_LEVEL)));
    }

    @Override
    public Publisher<Void> close() {
        return Mono.empty();
    }

    @Override
    public Publisher<Void> commitTransaction() {
        return Mono.empty();
    }

    @Override
    public Batch createBatch() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Publisher<Void> createSavepoint(String name) {
        return Mono.empty();
    }

    @Override
    public Statement createStatement(String sql) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isAutoCommit() {
        return true;
    }

    @Override
    public ConnectionMetadata getMetadata() {
        throw new UnsupportedOperationException();
    }

    @Override
    public IsolationLevel getTransactionIsolationLevel() {
        return isolation;
    }

    @Override
    public Publisher<Void> releaseSavepoint(String name) {
        return Mono.empty();
    }

    @Override
    public Publisher<Void> rollbackTransaction() {
        return Mono.empty();
    }

    @Override
    public Publisher<Void> rollbackTransactionToSavepoint(String name) {
        return Mono.empty();
    }

    @Override
    public Publisher<Void> setAutoCommit(boolean autoCommit) {
        return Mono.empty();
    }

    @Override
    public Publisher<Void> setLockWaitTimeout(Duration timeout) {
        return Mono.empty();
    }

    @Override
    public Publisher<Void> setStatementTimeout(Duration timeout) {
        return timeout.toMillis() < 0
                ? Mono.never()
                : Mono.empty(); // May be more than can be counted, as with the driver.
    }

    @Override
    public Publisher<Void> setTransactionIsolationLevel(IsolationLevel level) {
        return Mono.fromRunnable(() -> isolation = level);
    }

    @Override
    public Publisher<Boolean> validate(ValidationDepth depth) {
        if (failsToValidate) {
            throw new InternalError("thrown on purpose");
        }
        Mono<Boolean> own = answer;
        if (own != null) {
            return own;
        }
        return silent ? Mono.never() : Mono.just(true);
    }
}
