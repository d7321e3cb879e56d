package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolSpec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state of one slot, and the only place that changes it. Thread-safe.
 *
 * <pre>
 *   event \ state   Registered   Opening(a)        Open(p)        Replacing(p, a)   Failed         Closed
 *   asked           Opening      -                 -              -                 Opening, (1)   -
 *   opened by a     -            Open              -              Open; p leaves    -              -
 *   failed a        -            Failed, (2)       -              Open(p)           -              -
 *   a forgotten     -            Registered        -              Open(p)           -              -
 *   evicted         -            -                 Registered;    Opening(a);       Registered     -
 *                                                  p leaves       p leaves
 *   p idled         -            -                 Registered;    -                 -              -
 *                                                  p leaves
 *   replaced        (3)          -                 Replacing, (4) -                 Registered,(4) -
 *   adjusted        (3)          -                 Open(p), (4)   -                 Failed, (4)    -
 *   closed          Closed       Closed; a is      Closed;        Closed; p leaves, Closed         -
 *                                given up          p leaves       a is given up
 * </pre>
 *
 * <p>A {@code -} means that the event is refused and the state stays; so is what an attempt {@code b} or a pool {@code q}
 * brings that is not the state's own. (1) once the back-off has passed, else refused. (2) Registered with the former
 * settings, if the attempt was made to replace a pool. (3) Registered with the new settings; refused if they are the same.
 * (4) with the new settings; refused if they are the same.
 *
 * <p>INVARIANT: the state changes by compare-and-set only, from the state that the decision was made on. Whoever wins owns
 * the consequence: the winner of {@code asked} or {@code replaced} starts the one attempt, the winner of a change by which a
 * pool leaves drains that pool, the winner of {@code adjusted} tells the pool that serves ({@link Adjustment} makes them one
 * after the other), the winner of {@code closed} gives the attempt up. An attempt whose {@code opened} is refused
 * closes what it opened. So no two attempts for a key are under way at once, and each pool is closed by exactly one.
 */
class SlotMachine<R> {

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SlotMachine.class, "state", SlotState.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile SlotState<R> state;

    SlotMachine(PoolSpec spec) {
        this.state = new SlotState.Registered<>(spec);
    }

    /** Returns the state of this moment. */
    final SlotState<R> state() {
        return state;
    }

    /** Goes from {@code before} to {@code after}; false if it is in another state by now. */
    final boolean move(SlotState<R> before, SlotState<R> after) {
        return STATE.compareAndSet(this, before, after);
    }

    /** Goes where {@code event} leads from the state of the moment in which it happens. */
    final Change<R> apply(UnaryOperator<SlotState<R>> event) {
        while (true) {
            SlotState<R> before = state;
            SlotState<R> after = event.apply(before);
            var change = new Change<>(before, after); // Before it is made: no change without its consequence.
            if (after == before || move(before, after)) {
                return change;
            }
        }
    }

    /**
     * Goes on as if an attempt had not been made, if it is under way: for whoever makes it, and cannot tell how it ended.
     * Allocates nothing.
     */
    final void forget(Attempt<R> attempt) {
        SlotState<R> before = state;
        while (before.attempt() == attempt && !move(before, before.forgotten())) {
            before = state;
        }
    }

    /**
     * What an event did.
     *
     * @param before the state in which it happened
     * @param after where it led; the same state if it was refused
     */
    record Change<R>(SlotState<R> before, SlotState<R> after) {

        /** Tells whether the event was not refused. */
        boolean happened() {
            return before != after;
        }

        /** Returns the pool that left the slot, or null: whoever caused the change is to drain it. */
        @Nullable OpenPool<R> departed() {
            return before.serving == after.serving ? null : before.serving;
        }

        /** Returns the attempt that nobody needs any more, or null: whoever caused the change is to give it up. */
        @Nullable Attempt<R> abandoned() {
            return happened() && after instanceof SlotState.Closed<R> ? before.attempt() : null;
        }
    }
}
