package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolException;
import io.r2dbc.spi.Connection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * A borrower who asked for a connection: the subscription, the place in the queue, and the step that asks and is served, in
 * one object. Thread-safe.
 *
 * <p>INVARIANT: the state decides between being served, failing and being cancelled, which may all come at once. It goes from
 * WAITING to GRANTED or ENDED, and from GRANTED to DELIVERED, or to ENDED if the borrower cancels before it has the
 * connection, which then goes back. From DELIVERED on the connection is the borrower's, who may cancel in the middle of being
 * given it and keep it, as {@code Mono.from} does.
 */
final class Waiter extends Step implements Subscription {

    private static final int NEW = 0;
    private static final int WAITING = 1;
    private static final int GRANTED = 2;
    private static final int DELIVERED = 3;
    private static final int ENDED = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CoreSubscriber<? super Connection> subscriber;
    private final @Nullable Reroute reroute;

    private volatile int state;

    /** Null until there is one: the borrower of a durable resource may wait for the opening first. */
    private volatile @Nullable PoolCore pool;

    /** When the borrower asked, by the clock of the way to the pools, if he was in none then. */
    private long routedNanos;

    private boolean routed;

    /** Null unless he is one of those that are tracked. */
    private HolderLog.@Nullable Borrower borrower;

    private long startNanos;
    private long askedNanos;
    private boolean started;

    // What was decided, for the step's act; one decision at a time, handed over by the mailbox and the outbox.
    private @Nullable Loan loan;
    private @Nullable PoolException failure;

    // Of the queue; touched by the steps of its pool only.
    @Nullable WaiterQueue queue;

    @Nullable Waiter previous;

    @Nullable Waiter next;

    /** @param reroute where to ask for the next pool when one drains; null if there is only this one */
    Waiter(CoreSubscriber<? super Connection> subscriber, @Nullable PoolCore pool, @Nullable Reroute reroute) {
        this.subscriber = subscriber;
        this.pool = pool;
        this.reroute = reroute;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && STATE.compareAndSet(this, NEW, WAITING)) {
            PoolCore first = pool;
            if (first != null) {
                enter(first);
            } else {
                Reroute way = Objects.requireNonNull(reroute, "neither a pool nor a way to one");
                routedNanos = way.nanoTime();
                routed = true;
                way.begin(this);
            }
        }
    }

    @Override
    public void cancel() {
        int seen;
        do {
            seen = state;
            if (seen == DELIVERED || seen == ENDED) {
                return;
            }
        } while (!STATE.compareAndSet(this, seen, ENDED));
        PoolCore waitsFor = pool;
        if (seen == WAITING && waitsFor != null) {
            waitsFor.forget(this);
        }
    }

    /** Asks a pool. */
    void enter(PoolCore entered) {
        pool = entered;
        askedNanos = entered.nanoTime();
        if (!started) {
            started = true;
            startNanos = askedNanos - waitedBefore();
            HolderLog holders = entered.holders();
            borrower = holders == null ? null : holders.borrower(name());
        }
        entered.submit(this);
    }

    private String name() {
        return subscriber
                .currentContext()
                .<Object>getOrEmpty(R2dbcPoolProvider.BORROWER)
                .map(Object::toString)
                .orElseGet(() -> Thread.currentThread().getName());
    }

    /** A pool may go by another clock than the way to it; how long the borrower waited for it is the same by both. */
    private long waitedBefore() {
        return routed && reroute != null ? reroute.nanoTime() - routedNanos : 0;
    }

    /** Tells whether the borrower still wants a connection. */
    boolean isWaiting() {
        return state == WAITING;
    }

    /** Returns when the borrower asked the pool that he asked last. */
    long askedNanos() {
        return askedNanos;
    }

    /** Returns when the borrower began to wait. */
    long startNanos() {
        return startNanos;
    }

    /** Tells whether there may be another pool when one drains. */
    boolean isDurable() {
        return reroute != null;
    }

    @Override
    void decide() {
        if (isWaiting()) {
            Objects.requireNonNull(pool).ask(this);
        }
    }

    /** Gives the borrower a connection, of which it hears when the step is decided; false if it wants none any more. */
    boolean grant(Loan granted) {
        if (!STATE.compareAndSet(this, WAITING, GRANTED)) {
            return false;
        }
        loan = granted;
        return true;
    }

    /** Ends the waiting with a failure; false if the borrower does not wait any more. */
    boolean fail(PoolException why) {
        if (!STATE.compareAndSet(this, WAITING, ENDED)) {
            return false;
        }
        failure = why;
        return true;
    }

    /** Ends the waiting of a borrower that is in no pool. */
    void failNow(PoolException why) {
        if (fail(why)) {
            subscriber.onError(R2dbcExceptions.of(why));
        }
    }

    @Override
    void act() {
        Loan granted = loan;
        if (granted != null) {
            loan = null;
            deliver(granted);
        } else if (failure != null) {
            subscriber.onError(R2dbcExceptions.of(failure));
        } else if (reroute != null) {
            reroute.again(this, Objects.requireNonNull(pool));
        }
    }

    @Override
    boolean isForBorrower() {
        return true;
    }

    private void deliver(Loan granted) {
        PoolCore lender = Objects.requireNonNull(pool);
        boolean usable = granted.isConnected() && granted.isOpen();
        if (!usable && STATE.compareAndSet(this, GRANTED, WAITING)) {
            // It died, or was cut off by a drain, in the moment in which it was lent.
            granted.giveBackUnused();
            enter(lender);
        } else if (STATE.compareAndSet(this, GRANTED, DELIVERED)) {
            HolderLog.Borrower tracked = borrower;
            if (tracked != null) {
                granted.track(Objects.requireNonNull(lender.holders()), tracked);
            }
            granted.lent(startNanos);
            hand(granted);
        } else {
            granted.giveBackUnused();
        }
    }

    private void hand(Loan granted) {
        try {
            subscriber.onNext(new LentConnection(granted));
            subscriber.onComplete();
        } catch (Throwable e) {
            // What Reactor takes for fatal comes out here, and the subscriber neither closes nor ends.
            granted.abort();
            subscriber.onError(e);
        }
    }
}
