package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A call of a lent connection that sends something, made when it is subscribed to; refused once the loan has ended. */
final class TrackedMono<T> extends Mono<T> {

    private final Loan loan;
    private final Function<Connection, Publisher<T>> call;

    TrackedMono(Loan loan, Function<Connection, Publisher<T>> call) {
        this.loan = loan;
        this.call = call;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        if (!loan.begin()) {
            Operators.error(subscriber, loan.over());
            return;
        }
        Publisher<T> answer;
        try {
            answer = call.apply(loan.session().connection());
        } catch (Throwable e) {
            loan.answered(); // Nothing was sent.
            Operators.error(subscriber, Operators.onOperatorError(e, subscriber.currentContext()));
            return;
        }
        answer.subscribe(new Tracker<>(subscriber, loan));
    }
}
