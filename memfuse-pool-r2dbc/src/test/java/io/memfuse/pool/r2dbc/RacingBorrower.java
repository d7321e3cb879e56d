package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A borrower whom any thread may have cancel or give back at any time. As {@code Mono.usingWhen} does, he gives back at once what
 * reaches him after he cancelled. Thread-safe.
 */
final class RacingBorrower implements CoreSubscriber<Connection> {

    private final OneAtATime driver;
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicBoolean givenBack = new AtomicBoolean();
    private volatile @Nullable Subscription subscription;
    private volatile @Nullable Connection connection;
    private volatile boolean cancelled;
    private volatile boolean isBack;
    private volatile boolean executedTooLate;

    RacingBorrower(OneAtATime driver) {
        this.driver = driver;
    }

    void ask(PoolCore pool) {
        AcquireMono.of(pool).subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription asked) {
        subscription = asked;
        asked.request(1);
    }

    @Override
    public void onNext(Connection given) {
        answers.incrementAndGet();
        driver.lent();
        connection = given;
        if (cancelled) {
            giveBack();
        }
    }

    @Override
    public void onError(Throwable failure) {
        answers.incrementAndGet();
    }

    @Override
    public void onComplete() {}

    void cancel() {
        cancelled = true;
        Subscription asked = subscription;
        if (asked != null) {
            asked.cancel();
        }
        giveBack();
    }

    void execute() {
        boolean over = isBack;
        Connection held = connection;
        if (held != null) {
            Mono.from(held.beginTransaction()).subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnComplete() {
                    executedTooLate |= over;
                }

                @Override
                protected void hookOnError(Throwable refused) {
                    // As it should be, once the connection was given back or cut off.
                }
            });
        }
    }

    void giveBack() {
        Connection held = connection;
        if (held != null && givenBack.compareAndSet(false, true)) {
            driver.givenBack();
            Mono.from(held.close()).subscribe(Operators.drainSubscriber());
            isBack = true;
        }
    }

    boolean isOver() {
        return cancelled || givenBack.get() || (answers.get() > 0 && connection == null);
    }

    boolean holds() {
        return connection != null && !givenBack.get();
    }

    boolean waits() {
        return answers.get() == 0 && !cancelled;
    }

    boolean executedTooLate() {
        return executedTooLate;
    }

    boolean wasAnsweredTwice() {
        return answers.get() > 1;
    }
}
