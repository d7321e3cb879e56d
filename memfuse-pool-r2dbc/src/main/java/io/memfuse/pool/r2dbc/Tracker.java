package io.memfuse.pool.r2dbc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Passes everything on, and tells the loan when the answer is complete, or that it was cancelled or failed: then nothing more is
 * sent, but more of the answer may be on its way. Tells one of the two, once.
 */
final class Tracker<T> implements CoreSubscriber<T>, Subscription {

    private static final VarHandle OVER;

    static {
        try {
            OVER = MethodHandles.lookup().findVarHandle(Tracker.class, "over", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CoreSubscriber<? super T> subscriber;
    private final Loan loan;
    private @Nullable Subscription subscription;

    @SuppressWarnings("UnusedVariable") // by OVER
    private volatile boolean over;

    Tracker(CoreSubscriber<? super T> subscriber, Loan loan) {
        this.subscriber = subscriber;
        this.loan = loan;
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        subscription = upstream;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        upstream().request(n);
    }

    @Override
    public void cancel() {
        upstream().cancel();
        if (OVER.compareAndSet(this, false, true)) {
            loan.leftUnanswered();
        }
    }

    private Subscription upstream() {
        return Objects.requireNonNull(subscription, "asked before it was subscribed");
    }

    @Override
    public void onNext(T value) {
        subscriber.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
        if (OVER.compareAndSet(this, false, true)) {
            loan.leftUnanswered();
        }
        subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
        if (OVER.compareAndSet(this, false, true)) {
            loan.answered();
        }
        subscriber.onComplete();
    }
}
