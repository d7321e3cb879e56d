package io.memfuse.pool.r2dbc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the steps of one pool decided one after the other, in the order in which they came, without a lock: so an event loop is
 * never parked. Whoever brings a step to an idle mailbox decides it, and all that others bring meanwhile; they go on at once.
 * What follows from the decisions is done after the mailbox is left, so that a borrower's code never holds up a pool.
 * Thread-safe.
 *
 * <p>INVARIANT: {@code head} is null while nobody decides, {@code BUSY} while somebody does and nothing new came, else the
 * step that came last, linked to those before it. The one whose step replaced null is the one who decides, until it puts null
 * back; each of the two is a compare-and-set, so what one who decided wrote is seen by the next. One who cannot go on, having
 * run out of stack, say, leaves it {@code abandoned} and busy, and whoever puts that back is the one who decides.
 */
final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private static final Step BUSY = Step.deciding(() -> {});

    private static final VarHandle HEAD;
    private static final VarHandle ABANDONED;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", Step.class);
            ABANDONED = MethodHandles.lookup().findVarHandle(Mailbox.class, "abandoned", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Step head;
    private volatile boolean abandoned;

    /** Of those that follow from what was decided; touched by the one who decides only. */
    private @Nullable Step firstOut;

    private @Nullable Step lastOut;

    /** Taken from {@code head}, the last first; touched by the one who decides only. */
    private @Nullable Step newest;

    /** Taken from {@code head}, in order, and not decided yet; touched by the one who decides only. */
    private @Nullable Step pending;

    private final Object pool;
    private final Executor elsewhere;

    /**
     * @param pool what the log calls the pool
     * @param elsewhere where another goes on for one who cannot
     */
    Mailbox(Object pool, Executor elsewhere) {
        this.pool = pool;
        this.elsewhere = elsewhere;
    }

    /** Brings a step. Returns when it is decided, or when somebody else is about to decide it. */
    void submit(Step step) {
        Step before;
        do {
            before = head;
            step.nextIn = before == BUSY ? null : before;
        } while (!HEAD.compareAndSet(this, before, step));
        if (before == null || (abandoned && ABANDONED.compareAndSet(this, true, false))) {
            boolean left = false;
            try {
                decideUntilEmpty(Outbox.ofThread());
                left = true;
            } finally {
                if (!left) {
                    abandoned = true;
                    handOver();
                }
            }
            Outbox.ofThread().run(elsewhere);
        }
    }

    private void handOver() {
        try {
            Outbox.ofThread().handOverUnlessRunning(elsewhere);
        } finally {
            elsewhere.execute(this::goOn);
        }
    }

    private void goOn() {
        submit(Step.deciding(() -> {}));
    }

    /** Has a step follow from the one that is being decided. */
    void follow(Step step) {
        step.owner = pool;
        if (lastOut == null) {
            firstOut = step;
        } else {
            lastOut.nextOut = step;
        }
        lastOut = step;
    }

    /** After this, what was decided before is seen. */
    void look() {
        Step unused = head;
    }

    /** Leaves the mailbox when nothing is left to decide; what follows is in the outbox then. */
    private void decideUntilEmpty(Outbox outbox) {
        do {
            turnRound(); // What one left who could not go on.
            decidePending();
            newest = (Step) HEAD.getAndSet(this, BUSY);
            turnRound();
            decidePending();
            for (Step step = firstOut; step != null; step = firstOut) {
                Step after = step.nextOut;
                outbox.add(step);
                firstOut = after;
            }
            lastOut = null;
        } while (!HEAD.compareAndSet(this, BUSY, (Step) null));
    }

    private void turnRound() {
        for (Step step = newest; step != null && step != BUSY; step = newest) {
            newest = step.nextIn;
            step.nextIn = pending;
            pending = step;
        }
        newest = null;
    }

    private void decidePending() {
        for (Step step = pending; step != null; step = pending) {
            pending = step.nextIn;
            step.nextIn = null;
            decide(step);
        }
    }

    private void decide(Step step) {
        try {
            step.decide();
        } catch (RuntimeException | Error e) {
            // Thrown on, it would leave the mailbox busy for ever.
            Logs.warn(LOG, pool, "a step failed", e);
        }
    }
}
