package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.thread.Waiting;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a registry, once for however many ask. Thread-safe. */
final class RegistryClosing {

    private static final Logger LOG = LoggerFactory.getLogger(PoolRegistry.class);

    /** Longer than anybody waits, and short enough to count in nanoseconds. */
    private static final Duration LONGEST_DRAIN = Duration.ofDays(365);

    /** What closing may take beyond the drain timeout: to abort, and to say goodbye to the servers. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final PoolSlots slots;
    private final SlotContext context;
    private final Runnable afterwards;

    /** Completed by whoever closes first, with what it waits for. */
    private final CompletableFuture<List<CompletableFuture<Optional<DrainReport>>>> begun = new CompletableFuture<>();

    /** @param afterwards is run when nothing is open any more, or the time is up; may be run twice */
    RegistryClosing(PoolSlots slots, SlotContext context, Runnable afterwards) {
        this.slots = slots;
        this.context = context;
        this.afterwards = afterwards;
    }

    /** Closes, and waits for it; see {@link PoolRegistry#close(Duration)}. */
    List<DrainReport> close(Duration drainTimeout) {
        Duration bounded = drainTimeout.compareTo(LONGEST_DRAIN) < 0 ? drainTimeout : LONGEST_DRAIN;
        Deadline deadline = Deadline.after(bounded.plus(GRACE), context.engine().ticker());
        slots.retireAll().ifPresent(retired -> begin(retired, bounded));
        try {
            List<CompletableFuture<Optional<DrainReport>>> drains = Waiting.get(begun, deadline.remaining());
            await(drains, deadline);
            return drains.stream()
                    .filter(CompletableFuture::isDone)
                    .flatMap(drain -> drain.join().stream())
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("closing has not begun after {}", Durations.format(deadline.elapsed()));
        } catch (ExecutionException e) {
            throw new AssertionError("closing begins, whatever fails", e);
        }
        return List.of(); // Another thread closes, and this one has stopped waiting for it.
    }

    private void begin(List<Turnover.Retired> retired, Duration drainTimeout) {
        List<CompletableFuture<Optional<DrainReport>>> drains = List.of();
        try {
            drains = context.drains().underWay();
            context.drains().endBy(Deadline.after(drainTimeout, context.engine().ticker()), allOf(drains));
        } finally {
            retired.forEach(one -> end(one, drainTimeout));
            begun.complete(drains);
        }
    }

    private static void end(Turnover.Retired retired, Duration drainTimeout) {
        try {
            retired.end(drainTimeout);
        } catch (Throwable e) { // The others are to be drained all the same.
            LOG.error("a pool cannot be drained: {}", Failures.describe(e));
        }
    }

    private void await(List<CompletableFuture<Optional<DrainReport>>> drains, Deadline deadline) {
        CompletableFuture<?> all = allOf(drains);
        try {
            Waiting.get(all, deadline.remaining());
            afterwards.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            finishLater(all, deadline);
        } catch (TimeoutException e) {
            long open = drains.stream().filter(drain -> !drain.isDone()).count();
            LOG.warn("{} pools were not closed after {}", open, Durations.format(deadline.elapsed()));
            afterwards.run();
        } catch (ExecutionException e) {
            throw new AssertionError("a drain ends with a report", e);
        }
    }

    private static CompletableFuture<?> allOf(List<CompletableFuture<Optional<DrainReport>>> drains) {
        return CompletableFuture.allOf(drains.toArray(CompletableFuture<?>[]::new));
    }

    /** Nobody waits any more; the threads end all the same, at the deadline at the latest. */
    private void finishLater(CompletableFuture<?> all, Deadline deadline) {
        var over = new CompletableFuture<@Nullable Void>();
        over.thenRun(afterwards);
        all.whenComplete((done, failure) -> over.complete(null));
        context.engine().scheduleCompletion(over, deadline);
    }
}
