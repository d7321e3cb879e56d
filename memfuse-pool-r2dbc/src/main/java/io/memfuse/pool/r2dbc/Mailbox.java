package io.memfuse.pool.r2dbc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * back; each of the two is a compare-and-set, so what one who decided wrote is seen by the next.
 */
final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private static final Step BUSY = Step.deciding(() -> {});

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", Step.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Step head;

    /** Of those that follow from what was decided; touched by the one who decides only. */
    private @Nullable Step firstOut;

    private @Nullable Step lastOut;

    /** Brings a step. Returns when it is decided, or when somebody else is about to decide it. */
    void submit(Step step) {
        Step before;
        do {
            before = head;
            step.nextIn = before == BUSY ? null : before;
        } while (!HEAD.compareAndSet(this, before, step));
        if (before == null) {
            decideAll();
        }
    }

    /** Has a step follow from the one that is being decided. */
    void follow(Step step) {
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

    private void decideAll() {
        while (true) {
            decideInOrder((Step) HEAD.getAndSet(this, BUSY));
            Step first = firstOut;
            Step last = lastOut;
            firstOut = null;
            lastOut = null;
            if (HEAD.compareAndSet(this, BUSY, (Step) null)) {
                if (first != null) {
                    Outbox.run(first);
                }
                return;
            }
            firstOut = first;
            lastOut = last;
        }
    }

    private static void decideInOrder(@Nullable Step newest) {
        Step oldest = null;
        for (Step step = newest; step != null; ) {
            Step before = step.nextIn;
            step.nextIn = oldest;
            oldest = step;
            step = before;
        }
        for (Step step = oldest; step != null; ) {
            Step after = step.nextIn;
            step.nextIn = null;
            decide(step);
            step = after;
        }
    }

    private static void decide(Step step) {
        try {
            step.decide();
        } catch (RuntimeException | Error e) {
            // Thrown on, it would leave the mailbox busy for ever.
            LOG.error("a step of a pool failed", e);
        }
    }
}
