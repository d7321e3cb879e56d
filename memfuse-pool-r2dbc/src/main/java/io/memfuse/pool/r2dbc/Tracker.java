package io.memfuse.pool.r2dbc;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Passes everything on, and tells the loan when the answer is complete. Not so when it was cancelled or failed: then more of it
 * may be on its way.
 */
final class Tracker<T> implements CoreSubscriber<T> {

    private final CoreSubscriber<? super T> subscriber;
    private final Loan loan;

    Tracker(CoreSubscriber<? super T> subscriber, Loan loan) {
        this.subscriber = subscriber;
        this.loan = loan;
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(T value) {
        subscriber.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
        subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
        loan.answered();
        subscriber.onComplete();
    }
}
