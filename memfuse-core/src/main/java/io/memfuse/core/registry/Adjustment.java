package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.registry.SlotMachine.Change;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One change of sizes or timeout in place: of the slot's settings, and of the pool that serves, which may refuse them; then
 * they are taken back. For one use; never blocks.
 *
 * <p>INVARIANT: of one slot one change is under way at a time. It begins when the one before has ended: when the pool has
 * answered, and what it refused is taken back. So the pool has been told last what the settings say, in the order in which it
 * was asked for; and what is taken back are settings that this change has made, to those that the pool had before it.
 */
final class Adjustment<R> {

    private final PoolSlot<R> slot;
    private final RegistryEngine engine;
    private final UnaryOperator<PoolLimits> wanted;
    private final Deadline deadline;

    /** What the caller waits for; fails at the deadline, whatever the pool does. */
    private final CompletableFuture<@Nullable Void> answer;

    /** What the next change waits for. */
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    Adjustment(PoolSlot<R> slot, SlotContext context, UnaryOperator<PoolLimits> wanted) {
        this.slot = slot;
        this.engine = context.engine();
        this.wanted = wanted;
        this.deadline = slot.ownDeadline();
        this.answer = context.answer(slot.key(), deadline, this::late);
    }

    /** Begins when its turn comes; returns what completes when the pool has been told. */
    CompletableFuture<@Nullable Void> start() {
        slot.queue(end).whenComplete((before, failure) -> engine.runOnCloser(this::change));
        return answer;
    }

    private PoolException late() {
        return slot.state().attempt() == null
                ? misconfigured("has not taken other limits after " + Durations.format(deadline.elapsed())
                        + "; it may take them yet")
                : slot.stillOpening(deadline);
    }

    private PoolConfigurationException misconfigured(String what) {
        return new PoolConfigurationException(slot.key(), "its pool " + what);
    }

    private void change() {
        if (answer.isDone()) { // The caller was told that nothing is done.
            end.complete(null);
            return;
        }
        try {
            carryOut(slot.apply(state -> state.adjusted(state.spec.withLimits(wanted.apply(state.spec.limits())))));
        } catch (Throwable e) { // No memory: nothing is changed, or the pool has been told.
            answer.completeExceptionally(e);
            end.complete(null);
        }
    }

    private void carryOut(Change<R> change) {
        SlotState<R> before = change.before();
        OpenPool<R> pool = before.serving;
        Attempt<R> underWay = before.attempt();
        if (underWay != null) {
            underWay.opened().whenComplete((next, failure) -> engine.runOnCloser(this::change));
        } else if (before instanceof SlotState.Closed<R> closed) {
            answer.completeExceptionally(closed.reason().exception(slot.key()));
            end.complete(null);
        } else if (!change.happened() || pool == null) {
            answer.complete(null);
            end.complete(null);
        } else {
            tell(pool, change);
        }
    }

    private void tell(OpenPool<R> pool, Change<R> change) {
        PoolLimits former = change.before().spec.limits();
        PoolLimits limits = change.after().spec.limits();
        try {
            tell(pool, former, limits);
        } catch (Throwable e) {
            takeBack(pool, change);
            answer.completeExceptionally(
                    misconfigured("refuses " + difference(former, limits) + ": " + Failures.describe(e)));
            return;
        }
        answer.complete(null);
        end.complete(null);
    }

    /** The timeout first: it may be refused. */
    private static void tell(OpenPool<?> pool, PoolLimits former, PoolLimits limits) {
        boolean otherTimeout = !former.timeout().equals(limits.timeout());
        if (otherTimeout) {
            pool.handle().setTimeout(limits.timeout());
        }
        try {
            pool.handle().resize(limits.minSize(), limits.maxSize());
        } catch (RuntimeException | Error e) {
            if (otherTimeout) {
                pool.handle().setTimeout(former.timeout());
            }
            throw e;
        }
    }

    private static String difference(PoolLimits former, PoolLimits limits) {
        boolean otherTimeout = !former.timeout().equals(limits.timeout());
        return "the sizes " + limits.minSize() + " to " + limits.maxSize()
                + (otherTimeout ? " or the timeout " + Durations.format(limits.timeout()) : "") + " and keeps its own";
    }

    /** Once no attempt is under way: it may end in a pool that was opened with these settings, and then they stay. */
    private void takeBack(OpenPool<R> pool, Change<R> change) {
        Change<R> back =
                slot.apply(state -> areLeft(change, state, pool) ? state.adjusted(change.before().spec) : state);
        Attempt<R> underWay = back.after().attempt();
        if (underWay == null) {
            end.complete(null);
        } else {
            underWay.opened().whenComplete((next, failure) -> takeBack(pool, change));
        }
    }

    /** Whether these are the very settings that this change has made, not such as another was asked for. */
    @SuppressWarnings("ReferenceEquality")
    private boolean areLeft(Change<R> change, SlotState<R> now, OpenPool<R> pool) {
        return now.spec == change.after().spec && (now.serving == null || now.serving == pool);
    }
}
