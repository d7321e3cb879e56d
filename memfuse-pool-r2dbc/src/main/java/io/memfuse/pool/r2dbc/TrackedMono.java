package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A call of a lent connection that sends something, made when it is subscribed to; refused once the loan has ended. */
final class TrackedMono extends Mono<Void> {

    private final Loan loan;
    private final Function<Connection, Publisher<Void>> call;

    TrackedMono(Loan loan, Function<Connection, Publisher<Void>> call) {
        this.loan = loan;
        this.call = call;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        if (!loan.isOpen()) {
            Operators.error(subscriber, R2dbcExceptions.givenBack());
            return;
        }
        loan.begin();
        try {
            call.apply(loan.session().connection()).subscribe(new Tracker<>(subscriber, loan));
        } catch (R2dbcException | IllegalArgumentException e) {
            loan.answered();
            Operators.error(subscriber, e);
        }
    }
}
