package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * What a borrower sees of its loan: the driver's connection until it is given back, and nothing afterwards. The driver's own
 * interface is had by {@code unwrap}; what is executed through that is not counted, and so everything is undone that a borrower
 * can change, when it comes back.
 */
final class LentConnection implements Connection, Wrapped<Connection> {

    private final Loan loan;

    LentConnection(Loan loan) {
        this.loan = loan;
    }

    private Connection connection() {
        if (!loan.isOpen()) {
            throw loan.over();
        }
        return loan.session().connection();
    }

    private <T> Mono<T> tracked(Function<Connection, Publisher<T>> call) {
        return new TrackedMono<>(loan, call);
    }

    @Override
    public Connection unwrap() {
        Connection connection = connection();
        loan.unwrapped();
        return connection;
    }

    @Override
    public <E> E unwrap(Class<E> target) {
        Connection connection = unwrap();
        return target.isInstance(connection) ? target.cast(connection) : Wrapped.super.unwrap(target);
    }

    @Override
    public Mono<Void> close() {
        return loan.close();
    }

    @Override
    public Statement createStatement(String sql) {
        return new TrackedStatement(loan, connection().createStatement(sql));
    }

    @Override
    public Batch createBatch() {
        return new TrackedBatch(loan, connection().createBatch());
    }

    @Override
    public Mono<Void> beginTransaction() {
        return tracked(Connection::beginTransaction);
    }

    @Override
    public Mono<Void> beginTransaction(TransactionDefinition definition) {
        return tracked(connection -> connection.beginTransaction(definition));
    }

    @Override
    public Mono<Void> commitTransaction() {
        return tracked(Connection::commitTransaction);
    }

    @Override
    public Mono<Void> rollbackTransaction() {
        return tracked(Connection::rollbackTransaction);
    }

    @Override
    public Mono<Void> rollbackTransactionToSavepoint(String name) {
        return tracked(connection -> connection.rollbackTransactionToSavepoint(name));
    }

    @Override
    public Mono<Void> createSavepoint(String name) {
        return tracked(connection -> connection.createSavepoint(name));
    }

    @Override
    public Mono<Void> releaseSavepoint(String name) {
        return tracked(connection -> connection.releaseSavepoint(name));
    }

    @Override
    public Mono<Void> setAutoCommit(boolean autoCommit) {
        return tracked(connection -> connection.setAutoCommit(autoCommit));
    }

    @Override
    public Mono<Void> setLockWaitTimeout(Duration timeout) {
        return tracked(connection -> {
            loan.changes().lockTimeoutChanges();
            return connection.setLockWaitTimeout(timeout);
        });
    }

    @Override
    public Mono<Void> setStatementTimeout(Duration timeout) {
        return tracked(connection -> {
            loan.changes().statementTimeoutChanges();
            return connection.setStatementTimeout(timeout);
        });
    }

    @Override
    public Mono<Void> setTransactionIsolationLevel(IsolationLevel level) {
        return tracked(connection -> {
            loan.changes().isolationChanges();
            return connection.setTransactionIsolationLevel(level);
        });
    }

    @Override
    public boolean isAutoCommit() {
        return connection().isAutoCommit();
    }

    @Override
    public ConnectionMetadata getMetadata() {
        return connection().getMetadata();
    }

    @Override
    public IsolationLevel getTransactionIsolationLevel() {
        return connection().getTransactionIsolationLevel();
    }

    /** False once it is given back. */
    @Override
    public Mono<Boolean> validate(ValidationDepth depth) {
        return this.<Boolean>tracked(connection -> connection.validate(depth))
                .onErrorReturn(failure -> !loan.isOpen(), false);
    }

    @Override
    public String toString() {
        return "lent " + loan.session().connection();
    }
}
