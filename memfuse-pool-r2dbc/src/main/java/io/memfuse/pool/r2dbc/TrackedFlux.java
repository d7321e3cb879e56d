package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Result;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The results of statements, counted when they are subscribed to; refused once the loan has ended. */
final class TrackedFlux extends Flux<Result> {

    private final Loan loan;
    private final int statements;
    private final Publisher<? extends Result> results;

    TrackedFlux(Loan loan, int statements, Publisher<? extends Result> results) {
        this.loan = loan;
        this.statements = statements;
        this.results = results;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Result> subscriber) {
        if (!loan.begin()) {
            Operators.error(subscriber, loan.over());
            return;
        }
        loan.executes(statements);
        results.subscribe(new Tracker<>(subscriber, loan));
    }
}
