package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.HolderLog;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One pool: who is lent which connection. Its state is touched by its steps only, one after the other ({@link Mailbox}).
 *
 * <p>Whoever asks joins the queue, and the queue is served from what is idle: the connection that was used last first, so that
 * those beyond the need grow old and go. One that was not used just now is checked with the server before; the borrower
 * stays in the queue meanwhile, and is served by whatever is there first, be it that one, one that is given back or a new one. So a
 * connection that turns out to be dead costs nobody his place, and a slow login holds up nobody who need not wait for it.
 */
final class PoolCore {

    /** What was in use less than this ago is lent without a question to the server, as HikariCP does it. */
    private static final long TRUSTED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Duration LONGEST_CHECK = Duration.ofSeconds(5);

    /** A borrower who waits for a connection that does not answer has most of his time left for another one. */
    private static final int CHECK_PART = 3;

    private final PoolContext context;
    private final Connector connector;

    /** How long a borrower waits. Written by steps, read by any thread. */
    private volatile Duration timeout;

    private final Mailbox mailbox;
    private final WaiterQueue waiters = new WaiterQueue();
    private final PoolMembers members;
    private final Supply supply;
    private final Alarm alarm;
    private final @Nullable HolderLog holders;
    private final LongAdder loans = new LongAdder();
    private boolean draining;
    private @Nullable Draining drain;

    PoolCore(PoolContext context, PoolLimits limits, SessionDriver driver) {
        this.context = context;
        this.timeout = limits.timeout();
        this.connector = new Connector(driver, context, limits.timeout());
        this.mailbox = new Mailbox(context.key(), work -> Offload.run(context, work));
        this.members = new PoolMembers(this, limits);
        this.supply = new Supply(this, members, connector);
        this.holders = HolderLog.of(context);
        this.alarm = new Alarm(context, () -> tell(this::onTime));
        context.loans().countedBy(loans::sum);
    }

    /** A borrower has a connection. */
    void lent() {
        loans.increment();
    }

    /** Returns who remembers the borrowers; null if nobody wants to know them. */
    @Nullable HolderLog holders() {
        return holders;
    }

    PoolContext context() {
        return context;
    }

    PoolKey<?> key() {
        return context.key();
    }

    long nanoTime() {
        return context.ticker().nanoTime();
    }

    /** Brings a step. */
    void submit(Step step) {
        mailbox.submit(step);
    }

    /** Has this decided among the pool's steps. */
    void tell(Runnable decision) {
        mailbox.submit(Step.deciding(decision));
    }

    /** Has a step follow from the one that is being decided. */
    void follow(Step step) {
        mailbox.follow(step);
    }

    /** Has this follow from the step that is being decided. */
    void follow(Runnable action) {
        mailbox.follow(Step.following(action));
    }

    // What borrowers do.

    /** A borrower asks. */
    void ask(Waiter waiter) {
        if (draining) {
            refuse(waiter);
            return;
        }
        if (supply.isOutage()) {
            refuse(waiter, waiter.askedNanos());
            return;
        }
        waiters.add(waiter);
        try {
            serve(waiter.askedNanos());
        } finally {
            // Whatever fails, nobody waits without an end.
            if (waiter.queue != null) {
                alarm.by(deadlineNanos(waiter), waiter.askedNanos());
            }
        }
        if (waiter.queue != null) {
            supply.adjust();
        }
    }

    /** A borrower does not want a connection any more. */
    void forget(Waiter waiter) {
        tell(() -> waiters.remove(waiter));
    }

    /** A borrower gave back what he had. */
    void cameBack(Loan loan) {
        Member member = loan.member();
        member.loan = null;
        if (!loan.isKept()) {
            members.retire(member, Ending.CANCEL);
        } else if (draining || members.isUnwanted(member, loan.endedAtNanos())) {
            members.retire(member, Ending.GOOD_BYE);
        } else {
            members.layIdle(member, loan.endedAtNanos());
            serve(loan.endedAtNanos());
            wakeForIdle(loan.endedAtNanos());
            return;
        }
        supply.adjust();
        settleDrain();
    }

    private void refuse(Waiter waiter) {
        if (waiter.isDurable() || waiter.fail(drainedException(waiter))) {
            follow(waiter);
        }
    }

    /** There is no connection left, and none to be had: nobody is kept waiting. */
    void sendAway() {
        long nowNanos = nanoTime();
        for (Waiter waiter = waiters.first(); waiter != null; waiter = waiters.first()) {
            waiters.remove(waiter);
            refuse(waiter, nowNanos);
        }
    }

    private void refuse(Waiter waiter, long nowNanos) {
        PoolOpenException refusal = supply.refusal(waited(waiter, nowNanos), numbers(), nowNanos);
        if (refusal != null && waiter.fail(refusal)) {
            follow(() -> context.listener().refused(key(), refusal));
            follow(waiter);
        }
    }

    // How the queue is served.

    /**
     * Lends what is idle to those who wait, or has it checked for them: no more than there are borrowers, who are not kept from
     * what comes back meanwhile by a check that is not answered.
     */
    void serve(long nowNanos) {
        while (waiters.size() > 0) {
            Member member = members.firstIdle();
            if (member == null) {
                return;
            }
            if (nowNanos - member.idleSinceNanos < TRUSTED_NANOS) {
                lend(member, nowNanos);
            } else if (waiters.size() > members.checking()) {
                check(member);
            } else {
                return;
            }
        }
    }

    /** Lends the first that is idle, if somebody wants it. What may fail is done before anything is changed. */
    private void lend(Member member, long nowNanos) {
        var loan = new Loan(this, member, nowNanos);
        for (Waiter waiter = waiters.first(); waiter != null; waiter = waiters.first()) {
            waiters.remove(waiter);
            if (waiter.grant(loan)) {
                members.takeIdle();
                member.loan = loan;
                follow(waiter);
                return;
            }
        }
    }

    private void check(Member member) {
        follow(() -> askServer(member));
        members.checkFirst();
    }

    private void askServer(Member member) {
        boolean begun = false;
        try {
            Duration part = timeout.dividedBy(CHECK_PART);
            Duration limit = part.compareTo(LONGEST_CHECK) < 0 ? part : LONGEST_CHECK;
            Mono<Boolean> answer =
                    Mono.defer(() -> Mono.from(member.session().connection().validate(ValidationDepth.REMOTE)));
            Timed.start(
                    answer,
                    limit,
                    context,
                    (valid, failure) -> tell(() -> checked(member, Boolean.TRUE.equals(valid))));
            begun = true;
        } finally {
            if (!begun) {
                tell(() -> checked(member, false));
            }
        }
    }

    private void checked(Member member, boolean valid) {
        if (!members.checked(member)) {
            return;
        }
        long nowNanos = nanoTime();
        if (!valid) {
            members.retire(member, Ending.CUT_OFF);
            members.mistrust(TRUSTED_NANOS, nowNanos);
        } else if (draining || members.isUnwanted(member, nowNanos)) {
            members.retire(member, Ending.GOOD_BYE);
        } else {
            members.layIdle(member, nowNanos);
        }
        changed();
    }

    /** A connection was made, or one is closed: others may be served, or made. */
    void changed() {
        serve(nanoTime());
        supply.adjust();
        settleDrain();
    }

    // What time brings.

    private void onTime() {
        alarm.woke();
        long nowNanos = nanoTime();
        expireWaiters(nowNanos);
        members.retireOld(nowNanos);
        members.retireInactive(nowNanos);
        supply.adjust();
        Waiter first = waiters.first();
        if (first != null) {
            alarm.by(deadlineNanos(first), nowNanos);
        }
        wakeForIdle(nowNanos);
        members.wakeForOld(nowNanos);
    }

    private void expireWaiters(long nowNanos) {
        for (Waiter waiter = waiters.first();
                waiter != null && nowNanos - deadlineNanos(waiter) >= 0;
                waiter = waiters.first()) {
            expire(waiter, nowNanos);
        }
        // Those who seem to come long after now: the clock went back, and nobody knows for how long they have waited.
        for (Waiter waiter = waiters.last();
                waiter != null && waiter.startNanos() - nowNanos > timeout.toNanos();
                waiter = waiters.last()) {
            expire(waiter, nowNanos);
        }
    }

    private void expire(Waiter waiter, long nowNanos) {
        waiters.remove(waiter);
        Duration waited = waited(waiter, nowNanos);
        if (waiter.fail(explanation(waiter, waited))) {
            follow(() -> context.listener().timedOut(key(), waited.toNanos()));
            follow(waiter);
        }
    }

    private static Duration waited(Waiter waiter, long nowNanos) {
        return Duration.ofNanos(Math.max(0, nowNanos - waiter.startNanos()));
    }

    /** A login that failed or does not end is the reason only if there was room for it, and it was his. */
    private PoolException explanation(Waiter waiter, Duration waited) {
        PoolOpenException failure = null;
        if (members.room() > 0) {
            failure = supply.failureFor(waiter.startNanos());
            failure = failure == null ? supply.unfinishedFor(waited.toNanos()) : failure;
        }
        return failure == null
                ? PoolTimeoutException.exhausted(
                        key(), waited, numbers(), holders == null ? List.of() : holders.holders(), null)
                : failure.forWaiter(waited, numbers());
    }

    private long deadlineNanos(Waiter waiter) {
        return waiter.startNanos() + timeout.toNanos();
    }

    private void wakeForIdle(long nowNanos) {
        if (members.hasInactive()) {
            alarm.by(members.inactiveAtNanos(), nowNanos);
        }
    }

    /** Has this pool look again at this time. */
    void wakeBy(long atNanos) {
        alarm.by(atNanos, nanoTime());
    }

    /** Returns for how long a borrower may still wait. */
    long remainingNanos(Waiter waiter) {
        return deadlineNanos(waiter) - nanoTime();
    }

    // What the registry does.

    /** Lets borrowers, those who wait too, wait for so long, and the logins that are begun from now on. */
    void setTimeout(Duration newTimeout) {
        connector.setTimeout(newTimeout);
        timeout = newTimeout;
        long nowNanos = nanoTime();
        expireWaiters(nowNanos);
        Waiter first = waiters.first();
        if (first != null) {
            alarm.by(deadlineNanos(first), nowNanos);
        }
    }

    Supply supply() {
        return supply;
    }

    /** Returns why the last login failed, from any thread; null if it succeeded. */
    @Nullable PoolOpenException lastFailure() {
        mailbox.look();
        return supply.lastFailure();
    }

    Probe probe() {
        return connector.probe();
    }

    PoolMembers members() {
        return members;
    }

    boolean isDraining() {
        return draining;
    }

    int waiting() {
        return waiters.size();
    }

    /** Returns the numbers of this moment, from any thread. */
    PoolStats stats() {
        mailbox.look();
        return numbers();
    }

    private PoolStats numbers() {
        return members.stats(waiters.size(), waiters.oldestAge(nanoTime()));
    }

    /** Returns why a borrower is sent away; his time goes on until now. */
    PoolException drainedException(Waiter waiter) {
        return PoolClosedException.drained(key(), waited(waiter, nanoTime()), stats());
    }

    /** Refuses borrowers, those who wait too, and gives up what is being made. */
    void drain(Draining awaited) {
        draining = true;
        drain = awaited;
        alarm.end();
        for (Waiter waiter = waiters.first(); waiter != null; waiter = waiters.first()) {
            waiters.remove(waiter);
            refuse(waiter);
        }
        members.retireIdle(0);
        members.retireChecked();
        supply.stop();
        settleDrain();
    }

    private void settleDrain() {
        if (drain != null) {
            drain.settle(this);
        }
    }
}
