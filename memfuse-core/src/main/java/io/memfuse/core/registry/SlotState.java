package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The state of a slot: what a look-up finds. Immutable but for the mark of use. Each kind of state says to which state an event leads; an event that
 * a state does not know leads to the state itself, which means that it is refused. The whole table is in {@link SlotMachine}.
 */
abstract sealed class SlotState<R> {

    private static final VarHandle USED;

    static {
        try {
            USED = MethodHandles.lookup().findVarHandle(SlotState.class, "used", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the next pool is opened with, if it is not being replaced. */
    final PoolSpec spec;

    /** The pool that serves, if one does. */
    final @Nullable OpenPool<R> serving;

    /** What callers use of it: all that the fast path looks at. Here as well, because it is one read less from here. */
    final @Nullable R resource;

    /**
     * The mark of whoever used the pool since the last sweep. Here, in the line that every look-up reads. Opaque, not volatile:
     * it is part of an estimate, and orders nothing around it. It would be lost with the state: where the same pool goes on to
     * serve in another state, when a replacement begins or fails or the sizes change, that state has the mark, whether or not there was one.
     */
    @SuppressWarnings("UnusedVariable") // by USED
    private boolean used;

    private SlotState(PoolSpec spec, @Nullable OpenPool<R> serving) {
        this.spec = spec;
        this.serving = serving;
        this.resource = serving == null ? null : serving.resource();
    }

    /**
     * Leaves the mark that the pool was used. It is written only where there is none: between two sweeps the users of a pool
     * read a field that nobody writes, and do not fight over its cache line.
     */
    final void touch() {
        if (!(boolean) USED.getOpaque(this)) {
            USED.setOpaque(this, true);
        }
    }

    /** Takes the mark away; tells whether there was one. For the sweep. */
    final boolean takeMark() {
        boolean was = (boolean) USED.getOpaque(this);
        if (was) {
            USED.setOpaque(this, false);
        }
        return was;
    }

    /** Returns what the user is shown of this state. */
    abstract PoolState shown();

    /** Returns the attempt that is under way, or null. */
    @Nullable Attempt<R> attempt() {
        return null;
    }

    /** Somebody needs a pool: {@code attempt} is to open it. */
    SlotState<R> asked(Attempt<R> attempt) {
        return this;
    }

    /** {@code attempt} succeeded. */
    SlotState<R> opened(Attempt<R> attempt, OpenPool<R> pool) {
        return this;
    }

    /** {@code attempt} failed; if it was not made to replace a pool, the next one is not due before {@code retryAtNanos}. */
    SlotState<R> failed(Attempt<R> attempt, PoolOpenException failure, long retryAtNanos) {
        return this;
    }

    /** As if the attempt of this state had not been made: not even its failure can be recorded. Allocates nothing. */
    SlotState<R> forgotten() {
        return this;
    }

    /** The pool is to go, whichever it is. */
    SlotState<R> evicted() {
        return this;
    }

    /** {@code pool} is to go, if it still serves and nobody replaces it: nobody has used it for long. */
    SlotState<R> idled(OpenPool<R> pool) {
        return this;
    }

    /** The settings change to those of {@code attempt}, which is to open a pool in place of the one that serves. */
    SlotState<R> replaced(Attempt<R> attempt) {
        return this;
    }

    /** The settings change to {@code newSpec}, and the pool that serves, if one does, goes on to serve with them. */
    SlotState<R> adjusted(PoolSpec newSpec) {
        return this;
    }

    /** Nobody is served any more. */
    SlotState<R> closed(CloseReason reason) {
        return new Closed<>(spec, reason);
    }

    /** Nothing open, nothing tried; or evicted. */
    static final class Registered<R> extends SlotState<R> {

        Registered(PoolSpec spec) {
            super(spec, null);
        }

        @Override
        PoolState shown() {
            return PoolState.REGISTERED;
        }

        @Override
        SlotState<R> asked(Attempt<R> attempt) {
            return new Opening<>(spec, attempt);
        }

        @Override
        SlotState<R> replaced(Attempt<R> attempt) {
            return adjusted(attempt.spec());
        }

        @Override
        SlotState<R> adjusted(PoolSpec newSpec) {
            return newSpec.equals(spec) ? this : new Registered<>(newSpec);
        }
    }

    /**
     * One attempt is under way; all callers join it. If the attempt's settings are not this state's, it was made to replace a
     * pool that was evicted meanwhile, and its failure leaves the settings as they were.
     */
    static final class Opening<R> extends SlotState<R> {

        private final Attempt<R> attempt;
        private final Registered<R> forgotten;

        Opening(PoolSpec spec, Attempt<R> attempt) {
            super(spec, null);
            this.attempt = attempt;
            this.forgotten = new Registered<>(spec);
        }

        @Override
        PoolState shown() {
            return PoolState.OPENING;
        }

        @Override
        Attempt<R> attempt() {
            return attempt;
        }

        @Override
        SlotState<R> opened(Attempt<R> ended, OpenPool<R> pool) {
            return ended == attempt ? new Open<>(attempt.spec(), pool) : this;
        }

        @Override
        SlotState<R> failed(Attempt<R> ended, PoolOpenException failure, long retryAtNanos) {
            if (ended != attempt) {
                return this;
            }
            return attempt.replaces()
                    ? new Registered<>(spec)
                    : new Failed<>(spec, failure, attempt.number(), retryAtNanos);
        }

        @Override
        SlotState<R> forgotten() {
            return forgotten;
        }
    }

    /** Serves. */
    static final class Open<R> extends SlotState<R> {

        private final OpenPool<R> pool;

        Open(PoolSpec spec, OpenPool<R> pool) {
            super(spec, pool);
            this.pool = pool;
        }

        @Override
        PoolState shown() {
            return PoolState.OPEN;
        }

        @Override
        SlotState<R> evicted() {
            return new Registered<>(spec);
        }

        @Override
        SlotState<R> idled(OpenPool<R> idle) {
            return idle == pool ? new Registered<>(spec) : this;
        }

        @Override
        SlotState<R> replaced(Attempt<R> attempt) {
            if (attempt.spec().equals(spec)) {
                return this;
            }
            var replacing = new Replacing<>(this, pool, attempt);
            replacing.touch();
            return replacing;
        }

        @Override
        SlotState<R> adjusted(PoolSpec newSpec) {
            if (newSpec.equals(spec)) {
                return this;
            }
            var adjusted = new Open<>(newSpec, pool);
            adjusted.touch();
            return adjusted;
        }
    }

    /** Serves, while an attempt is under way to open another pool in its place. */
    static final class Replacing<R> extends SlotState<R> {

        private final Open<R> former;
        private final Attempt<R> attempt;

        Replacing(Open<R> former, OpenPool<R> pool, Attempt<R> attempt) {
            super(former.spec, pool);
            this.former = former;
            this.attempt = attempt;
        }

        @Override
        PoolState shown() {
            return PoolState.OPEN;
        }

        @Override
        Attempt<R> attempt() {
            return attempt;
        }

        @Override
        SlotState<R> opened(Attempt<R> ended, OpenPool<R> next) {
            return ended == attempt ? new Open<>(attempt.spec(), next) : this;
        }

        @Override
        SlotState<R> failed(Attempt<R> ended, PoolOpenException failure, long retryAtNanos) {
            return ended == attempt ? forgotten() : this;
        }

        @Override
        SlotState<R> forgotten() {
            former.touch();
            return former;
        }

        @Override
        SlotState<R> evicted() {
            return new Opening<>(spec, attempt);
        }
    }

    /** The last attempt failed; whoever asks before the next one is due is told so at once. */
    static final class Failed<R> extends SlotState<R> {

        private final PoolOpenException failure;
        private final int failures;
        private final long retryAtNanos;

        /** @param failures failures in a row, this one included */
        Failed(PoolSpec spec, PoolOpenException failure, int failures, long retryAtNanos) {
            super(spec, null);
            this.failure = failure;
            this.failures = failures;
            this.retryAtNanos = retryAtNanos;
        }

        PoolOpenException failure() {
            return failure;
        }

        int failures() {
            return failures;
        }

        long retryAtNanos() {
            return retryAtNanos;
        }

        @Override
        PoolState shown() {
            return PoolState.FAILED;
        }

        @Override
        SlotState<R> asked(Attempt<R> attempt) {
            return attempt.sinceNanos() - retryAtNanos >= 0 ? new Opening<>(spec, attempt) : this;
        }

        @Override
        SlotState<R> evicted() {
            return new Registered<>(spec);
        }

        @Override
        SlotState<R> replaced(Attempt<R> attempt) {
            return attempt.spec().equals(spec) ? this : new Registered<>(attempt.spec());
        }

        /** Another size heals nothing: the back-off goes on. */
        @Override
        SlotState<R> adjusted(PoolSpec newSpec) {
            return newSpec.equals(spec) ? this : new Failed<>(newSpec, failure, failures, retryAtNanos);
        }
    }

    /** Serves nobody, for good. */
    static final class Closed<R> extends SlotState<R> {

        private final CloseReason reason;

        Closed(PoolSpec spec, CloseReason reason) {
            super(spec, null);
            this.reason = reason;
        }

        CloseReason reason() {
            return reason;
        }

        @Override
        PoolState shown() {
            return PoolState.CLOSED;
        }

        @Override
        SlotState<R> closed(CloseReason again) {
            return this;
        }
    }
}
