package io.memfuse.config.reload;

import io.memfuse.config.ReloadReport.Action;
import io.memfuse.config.platform.Registered;
import io.memfuse.config.reload.ReloadPlan.Step;
import io.memfuse.config.reload.ReloadPlan.Wanted;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.SpecDifference;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries out what is to be done to the pool of each step of a plan, each pool once. Not thread-safe. */
final class PoolChanges {

    /** Longer than the registry takes for anything but openings, whose time is in the settings. */
    private static final Duration GRACE = Duration.ofSeconds(90);

    /** What is under way is waited for, then a pool is opened, then filled. */
    private static final int OPENINGS = 3;

    private static final CompletionStage<Optional<DrainReport>> NOTHING_TO_DRAIN =
            CompletableFuture.completedFuture(Optional.empty());

    private final PoolRegistry registry;
    private final Ticker ticker;

    /** Two names may share a pool, which changes once. */
    private final Map<PoolKey<?>, CompletableFuture<Outcome>> byKey = new HashMap<>();

    /** What names stand for already. */
    private final Set<PoolKey<?>> inUse;

    private final Duration longest;

    private final Set<PoolKey<?>> registered = new HashSet<>();

    PoolChanges(PoolRegistry registry, Ticker ticker, ReloadPlan plan) {
        this.registry = registry;
        this.ticker = ticker;
        this.inUse = plan.formerKeys();
        this.longest = plan.longestTimeout().multipliedBy(OPENINGS).plus(GRACE);
    }

    /** Returns the databases that were known before, and those that were registered since. */
    Set<PoolKey<?>> known() {
        Set<PoolKey<?>> known = new HashSet<>(inUse);
        known.addAll(registered);
        return known;
    }

    /** Lets go of what was registered: no name stands for it. */
    void undo() {
        registered.forEach(key -> Registered.tell(key, registry::remove));
    }

    /** What came of a step. */
    record Outcome(
            Duration took,
            Optional<DrainReport> drained,
            @Nullable RuntimeException failure) {

        static final Outcome NOTHING = new Outcome(Duration.ZERO, Optional.empty(), null);
    }

    /** Begins; does not wait. What is returned does not fail. */
    CompletableFuture<Outcome> begin(Step step) {
        Wanted wanted = step.wanted();
        if (wanted == null || step.action() == Action.UNTOUCHED) {
            return CompletableFuture.completedFuture(Outcome.NOTHING);
        }
        return byKey.computeIfAbsent(
                wanted.key(), key -> timed(() -> inUse.contains(key) ? change(wanted) : add(wanted, step.former())));
    }

    private CompletionStage<Optional<DrainReport>> change(Wanted wanted) {
        return switch (ReloadPlan.action(SpecDifference.between(registry.spec(wanted.key()), wanted.spec()))) {
            case ADJUSTED -> adjust(wanted);
            case REPLACED -> registry.replace(wanted.key(), wanted.spec());
            default -> NOTHING_TO_DRAIN;
        };
    }

    /** A pool that cannot go on with the new settings is replaced by one that has them. */
    private CompletionStage<Optional<DrainReport>> adjust(Wanted wanted) {
        return registry.adjust(wanted.key(), wanted.spec().limits())
                .handle((done, failure) -> {
                    if (failure == null) {
                        return NOTHING_TO_DRAIN;
                    }
                    return unwrapped(failure) instanceof PoolConfigurationException
                            ? registry.replace(wanted.key(), wanted.spec())
                            : CompletableFuture.<Optional<DrainReport>>failedFuture(failure);
                })
                .thenCompose(stage -> stage);
    }

    /** Registers a database, and opens and fills its pool if it is to take over from one that is open. */
    private CompletionStage<Optional<DrainReport>> add(Wanted wanted, @Nullable PoolKey<?> former) {
        boolean isNew = !Registered.is(registry, wanted.key()); // else it is the application's
        registry.register(wanted.spec(), wanted.key().resourceType());
        if (isNew) {
            registered.add(wanted.key());
        }
        if (former == null || !isOpen(former)) {
            return NOTHING_TO_DRAIN;
        }
        return registry.warmUp(wanted.key()).handle((stats, failure) -> {
            if (failure != null && !isOpen(wanted.key())) {
                throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
            }
            return Optional.empty();
        });
    }

    private boolean isOpen(PoolKey<?> key) {
        return Registered.is(registry, key) && registry.snapshot(key).state() == PoolState.OPEN;
    }

    private CompletableFuture<Outcome> timed(Supplier<CompletionStage<Optional<DrainReport>>> change) {
        long startNanos = ticker.nanoTime();
        CompletionStage<Optional<DrainReport>> stage;
        try {
            stage = change.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        return stage.handle((drained, failure) -> {
                    Duration took = Duration.ofNanos(ticker.nanoTime() - startNanos);
                    return failure == null
                            ? new Outcome(served(took, drained), drained, null)
                            : new Outcome(took, Optional.empty(), unwrapped(failure));
                })
                .toCompletableFuture();
    }

    /** The new pool has served while the former one drained. */
    private static Duration served(Duration took, Optional<DrainReport> drained) {
        Duration served = took.minus(drained.map(DrainReport::took).orElse(Duration.ZERO));
        return served.isNegative() ? Duration.ZERO : served;
    }

    private static RuntimeException unwrapped(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RuntimeException known ? known : new CompletionException(cause);
    }

    /** Waits; the registry has a deadline for everything, and this one is longer. */
    Outcome await(CompletableFuture<Outcome> outcome) {
        return await(
                outcome,
                new Outcome(
                        longest,
                        Optional.empty(),
                        new IllegalStateException("[MemFuse/ReloadStuck] not done after " + longest.toSeconds()
                                + " s; the log of its pool may say why")));
    }

    /** Waits for a while. */
    <T> T await(CompletableFuture<T> future, T otherwise) {
        try {
            return future.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return otherwise;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }
}
