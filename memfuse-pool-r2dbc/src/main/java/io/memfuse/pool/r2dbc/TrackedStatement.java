package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.Wrapped;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * A statement whose executions are counted, each set of its bindings as one; the driver executes what has no parameters once,
 * however many sets were asked for. As thread-safe as the driver's.
 */
final class TrackedStatement implements Statement, Wrapped<Statement> {

    private final Loan loan;
    private final Statement statement;
    private int sets = 1;
    private boolean bound;

    TrackedStatement(Loan loan, Statement statement) {
        this.loan = loan;
        this.statement = statement;
    }

    @Override
    public Statement add() {
        statement.add();
        sets++;
        return this;
    }

    @Override
    public Statement bind(int index, Object value) {
        statement.bind(index, value);
        bound = true;
        return this;
    }

    @Override
    public Statement bind(String name, Object value) {
        statement.bind(name, value);
        bound = true;
        return this;
    }

    @Override
    public Statement bindNull(int index, Class<?> type) {
        statement.bindNull(index, type);
        bound = true;
        return this;
    }

    @Override
    public Statement bindNull(String name, Class<?> type) {
        statement.bindNull(name, type);
        bound = true;
        return this;
    }

    @Override
    public Statement returnGeneratedValues(String... columns) {
        statement.returnGeneratedValues(columns);
        return this;
    }

    @Override
    public Statement fetchSize(int rows) {
        statement.fetchSize(rows);
        return this;
    }

    @Override
    public Publisher<? extends Result> execute() {
        return new TrackedFlux(loan, bound ? sets : 1, statement.execute());
    }

    @Override
    public Statement unwrap() {
        loan.unwrapped();
        return statement;
    }

    @Override
    public <E> @Nullable E unwrap(Class<E> target) {
        return target.isInstance(statement) ? target.cast(unwrap()) : Wrapped.super.unwrap(target);
    }

    @Override
    public String toString() {
        return statement.toString();
    }
}
